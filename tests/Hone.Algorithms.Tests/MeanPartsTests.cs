namespace Hone.Algorithms.Tests;

public sealed class MeanPartsTests
{
    [Fact]
    public void Parts_add_exactly()
    {
        // (1 + 2 + 3)/3 and 10/1 make 16/4, not the mean of 2 and 10
        var sum = MeanParts.Of([1, 2, 3]) + MeanParts.Of([10, double.NaN]);

        Assert.Equal(new MeanParts(16, 4), sum);
        Assert.Equal(4, sum.Mean);
    }

    [Fact]
    public void The_mean_of_nothing_is_not_a_number() => Assert.True(double.IsNaN(default(MeanParts).Mean));
}
