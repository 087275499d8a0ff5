using Hone.Cli.Demo.Report;

namespace Hone.Cli.Tests.Demo.Report;

public sealed class LineChartTests
{
    [Fact]
    public void A_line_goes_through_its_points_and_leaves_out_what_is_no_number()
    {
        // 0 … 10 lies on 52 … 464, 0 … 1 on 220 … 12 (upwards)
        var chart = LineChart.Draw("step", new ChartSeries("loss <1>", [new(0, 0), new(5, double.NaN), new(10, 1)]));

        Assert.Contains("<polyline class=\"line s0\" points=\"52,220 464,12\"/>", chart, StringComparison.Ordinal);
        Assert.Contains("<span class=\"key s0\">loss &lt;1&gt;</span>", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_points_there_is_no_chart() =>
        Assert.Equal("", LineChart.Draw("step", new ChartSeries("loss", [])));
}
