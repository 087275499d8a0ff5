namespace Hone.Evaluation.Tests;

public sealed class BestOfNEstimateTests
{
    [Fact]
    public void One_sample_is_the_mean_and_all_samples_are_the_best() // values in order of the proxy: 10, 20, 40
    {
        Assert.Equal(70 / 3.0, BestOfNEstimate.Expected([0.5, 0.1, 0.9], [20, 10, 40], 1), 12);
        Assert.Equal(40, BestOfNEstimate.Expected([0.5, 0.1, 0.9], [20, 10, 40], 3), 12);
    }

    [Fact]
    public void Two_of_three_are_averaged_over_pairs() =>
        // pairs (10 20), (10 40), (20 40): 20, 40, 40
        Assert.Equal(100 / 3.0, BestOfNEstimate.Expected([0.5, 0.1, 0.9], [20, 10, 40], 2), 12);
}
