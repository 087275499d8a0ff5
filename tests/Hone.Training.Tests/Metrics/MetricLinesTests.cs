using Hone.Training.Metrics;

namespace Hone.Training.Tests.Metrics;

public sealed class MetricLinesTests
{
    [Fact]
    public void A_line_has_the_means_and_the_pairs_that_they_come_from()
    {
        using var folder = new TemporaryFolder();
        using (var lines = new MetricLines(StepLines.Open(folder["metrics.jsonl"], -1),
            new FixedClock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))))
        {
            var metrics = new MetricSet();
            metrics.Add("loss", 5, 2);
            metrics.Add("kl", 0, 0);
            metrics.Set("norm", double.PositiveInfinity);
            lines.Write(7, metrics);
        }

        Assert.Equal(
            "{\"step\":7,\"time\":\"2026-01-02T03:04:05.000Z\",\"loss\":2.5,\"kl\":\"NaN\",\"norm\":\"Infinity\","
            + "\"pairs\":{\"loss\":[5,2],\"kl\":[0,0],\"norm\":[\"Infinity\",1]}}\n",
            File.ReadAllText(folder["metrics.jsonl"]));
    }
}
