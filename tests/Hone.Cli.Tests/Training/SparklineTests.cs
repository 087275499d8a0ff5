using Hone.Cli.Training;

namespace Hone.Cli.Tests.Training;

public sealed class SparklineTests
{
    [Fact]
    public void The_lowest_value_is_the_lowest_bar_and_the_highest_the_highest() =>
        Assert.Equal("▁▄█", Sparkline.Draw([0, 0.45, 1], 10)); // 0.45 of 7 is 3.15: the fourth bar

    [Fact]
    public void Too_many_values_are_averaged_by_columns() =>
        Assert.Equal("▁█", Sparkline.Draw([0, 2, 4, 6], 2)); // 1 and 5

    [Fact]
    public void A_constant_is_flat_and_nothing_is_nothing() =>
        Assert.Equal(("▁▁▁", ""), (Sparkline.Draw([2, 2, 2], 10), Sparkline.Draw([], 10)));
}
