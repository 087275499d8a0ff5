namespace Hone.Evaluation.Tests;

public sealed class PassAtKTests
{
    [Theory]
    [InlineData(10, 3, 1, 0.3)]
    [InlineData(10, 3, 3, 0.708333)] // 1 − C(7,3)/C(10,3) = 1 − 35/120
    [InlineData(10, 0, 5, 0)]
    [InlineData(10, 8, 3, 1)] // only two are wrong
    public void The_estimate_counts_all_subsets(int samples, int right, int k, double expected) =>
        Assert.Equal(expected, PassAtK.Estimate(samples, right, k), 6);

    [Fact]
    public void It_equals_enumeration()
    {
        // every subset of 3 among 6 samples, of which the first two are right
        var hits = 0;
        var subsets = 0;
        for (var mask = 0; mask < 64; mask++)
        {
            var inside = int.PopCount(mask) == 3;
            subsets += inside ? 1 : 0;
            hits += inside && (mask & 3) != 0 ? 1 : 0;
        }

        Assert.Equal(hits / (double)subsets, PassAtK.Estimate(6, 2, 3), 12);
    }

    [Fact]
    public void Problems_are_averaged() => Assert.Equal(0.5, PassAtK.Mean([(4, 0), (4, 4)], 2));

    [Fact]
    public void More_than_all_samples_cannot_be_drawn() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Estimate(4, 1, 5));
}
