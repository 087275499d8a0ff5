using Hone.Algorithms;
using Hone.Training.Metrics;

namespace Hone.Training.Tests.Metrics;

public sealed class MetricSetTests
{
    [Fact]
    public void Unequal_parts_give_the_mean_of_the_whole()
    {
        // 1, 2, 6 in one part and 3 in another: mean 12 / 4 = 3, where the mean of means would be (3 + 3) / 2; with 7
        // it is 16 / 4 against 5.
        var metrics = new MetricSet();
        metrics.Add("loss", 9, 3);
        metrics.Add("loss", 7, 1);

        Assert.Equal(new MeanParts(16, 4), metrics["loss"]);
        Assert.Equal(4, metrics["loss"].Mean);
    }

    [Fact]
    public void Every_split_into_parts_gives_the_same()
    {
        // Halves add up without rounding, so that the sums must be equal to the last bit.
        double[] values = [.. Enumerable.Range(0, 60).Select(i => (i * 37 % 61) / 2.0)];
        var whole = Parts(values, 60);

        foreach (var size in (int[])[1, 7, 16, 59])
        {
            Assert.Equal(whole["loss"], Parts(values, size)["loss"]);
        }
    }

    [Fact]
    public void A_metric_of_one_number_does_not_add_up()
    {
        var metrics = new MetricSet();
        metrics.Set("learning_rate", 0.5);
        metrics.Set("learning_rate", 0.25);

        Assert.Equal(0.25, metrics["learning_rate"].Mean);
    }

    [Fact]
    public void What_was_never_counted_has_no_mean() => Assert.True(double.IsNaN(new MetricSet()["loss"].Mean));

    [Fact]
    public void Names_keep_the_order_in_which_they_came()
    {
        var metrics = new MetricSet();
        metrics.Add("b", 1, 1);
        metrics.Add("a", 1, 1);
        metrics.Add("b", 1, 1);

        Assert.Equal(["b", "a"], metrics.Select(metric => metric.Key));
    }

    [Fact]
    public void Of_the_extremes_of_parts_the_more_extreme_stays()
    {
        var (first, second, whole) = (new MetricSet(), new MetricSet(), new MetricSet());
        first.AddExtreme("least", 2, Statistic.Lowest);
        first.AddExtreme("most", 5, Statistic.Highest);
        second.AddExtreme("least", 3, Statistic.Lowest);
        second.AddExtreme("most", 7, Statistic.Highest);

        whole.Add(first);
        whole.Add(second);

        Assert.Equal((2.0, 7.0), (whole["least"].Mean, whole["most"].Mean));
    }

    [Fact]
    public void Metrics_cross_to_another_process_whole()
    {
        var metrics = new MetricSet();
        metrics.Add("loss", 0.1, 3);
        metrics.AddExtreme("least", 2, Statistic.Lowest);
        metrics.Add("eval/π", double.NaN, 1);
        using var bytes = new MemoryStream();
        metrics.Write(new BinaryWriter(bytes));
        bytes.Position = 0;

        var found = MetricSet.Read(new BinaryReader(bytes));
        found.AddExtreme("least", 1, Statistic.Lowest);
        metrics.AddExtreme("least", 1, Statistic.Lowest);

        Assert.Equal(metrics, found);
        Assert.Equal(1, found["least"].Mean);
    }

    private static MetricSet Parts(double[] values, int size)
    {
        var whole = new MetricSet();
        foreach (var part in values.Chunk(size))
        {
            var metrics = new MetricSet();
            metrics.Add("loss", part.Sum(), part.Length);
            whole.Add(metrics);
        }

        return whole;
    }
}
