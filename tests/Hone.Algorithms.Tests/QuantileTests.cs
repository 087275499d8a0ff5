namespace Hone.Algorithms.Tests;

public sealed class QuantileTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)] // between 2 and 3
    [InlineData(0.25, 1.75)] // place 0.75: 1 + 0.75·(2 − 1)
    [InlineData(1, 4)]
    public void Quantiles_lie_between_neighbours(double share, double expected) =>
        Assert.Equal(expected, Quantile.Of([4, 1, 3, 2], share), AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void Nothing_has_no_quantile() => Assert.True(double.IsNaN(Quantile.Of([], 0.5)));
}
