using Hone.Cli.Demo.Report;

namespace Hone.Cli.Tests.Demo.Report;

public sealed class ChartAxisTests
{
    [Fact]
    public void A_range_is_widened_to_round_marks()
    {
        // 0.38 … 0.79 in at most 5 parts: steps of 0.1 from 0.3 to 0.8
        var axis = new ChartAxis([0.38, 0.79], from: 0, to: 100);

        Assert.Equal(["0.3", "0.4", "0.5", "0.6", "0.7", "0.8"], axis.Marks.Select(ChartAxis.Text));
        Assert.Equal(0, axis.Place(0.3), 9);
        Assert.Equal(50, axis.Place(0.55), 9);
        Assert.Equal(100, axis.Place(0.8), 9);
    }

    [Fact]
    public void A_range_that_is_not_widened_has_the_round_marks_inside_it()
    {
        // 1 … 110 in at most 5 parts: steps of 50, of which 50 and 100 lie inside
        var axis = new ChartAxis([1, 110], from: 0, to: 109, isWidened: false);

        Assert.Equal(["50", "100"], axis.Marks.Select(ChartAxis.Text));
        Assert.Equal(109, axis.Place(110), 9);
    }

    [Fact]
    public void A_single_value_has_a_range_around_it() =>
        Assert.Equal(0, new ChartAxis([5], from: 0, to: 10).Place(5), 9);
}
