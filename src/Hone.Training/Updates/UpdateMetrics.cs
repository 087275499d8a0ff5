using Hone.Algorithms;
using Hone.Torch;
using Hone.Training.Metrics;

namespace Hone.Training.Updates;

/// <summary>What is logged of each update, whatever it minimises.</summary>
internal static class UpdateMetrics
{
    /// <summary>Adds what some targets gave.</summary>
    public static void Record(MetricSet metrics, IEnumerable<PolicyMetric> values, Sequences sequences)
    {
        using var still = Autograd.NoGrad();
        foreach (var metric in values)
        {
            Record(metrics, metric, sequences);
        }
    }

    /// <summary>Means add up over micro-batches; of extremes the more extreme stays.</summary>
    private static void Record(MetricSet metrics, PolicyMetric metric, Sequences sequences)
    {
        if (metric.Statistic == Statistic.Mean)
        {
            var (sum, count) = metric.Mean();
            metrics.Add(metric.Name, sum, count);
            return;
        }

        var (lowest, highest) = metric.Range(sequences);
        metrics.AddExtreme(metric.Name, metric.Statistic == Statistic.Lowest ? lowest : highest, metric.Statistic);
    }
}
