using Hone.Benchmarks.Lines;

namespace Hone.Benchmarks.Tests.Lines;

public sealed class CheckTests
{
    [Fact]
    public void An_error_within_its_limit_is_told_with_it() =>
        Assert.Equal(
            new Check(true, "losses differ by: 2e-5, at most 1e-4"), Check.Within("losses differ by", 2e-5, 1e-4));

    [Theory]
    [InlineData(2e-4)]
    [InlineData(double.NaN)]
    public void An_error_beyond_its_limit_does_not_hold(double error) =>
        Assert.False(Check.Within("", error, 1e-4).Holds);

    [Fact]
    public void A_wrong_count_is_told_beside_the_right_one()
    {
        Assert.Equal(new Check(true, "tokens: 5"), Check.Equal("tokens", 5, 5));
        Assert.Equal(new Check(false, "tokens: 4, must be 5"), Check.Equal("tokens", 4, 5));
    }

    [Fact]
    public void Of_several_checks_those_that_fail_are_told()
    {
        Assert.Equal(new Check(true, "a; b"), Check.All(new Check(true, "a"), new Check(true, "b")));
        Assert.Equal(new Check(false, "b"), Check.All(new Check(true, "a"), new Check(false, "b")));
    }

    [Theory]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 3 }, 2.5)]
    [InlineData(new[] { 7.0 }, 7)]
    public void The_median_is_in_the_middle_of_the_sorted_samples(double[] samples, double median) =>
        Assert.Equal(new Spread(median, samples.Min(), samples.Max()), Spread.Of(samples));
}
