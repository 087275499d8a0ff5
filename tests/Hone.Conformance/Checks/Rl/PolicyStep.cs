using Hone.Algorithms;

namespace Hone.Conformance.Checks.Rl;

/// <summary>What the product makes of some rows of a recorded batch.</summary>
/// <param name="Loss">The loss with the entropy bonus.</param>
/// <param name="PolicyLoss">The loss without it, as it is logged for the micro-batch.</param>
/// <param name="LogProbGradient">Gradient with respect to log-probs, in their padded slots.</param>
/// <param name="EntropyGradient">Gradient with respect to entropies, in their padded slots.</param>
/// <param name="Metrics">Everything else that is logged, the mean <c>entropy</c> among it.</param>
internal sealed record PolicyStep(
    double Loss,
    double PolicyLoss,
    double[] LogProbGradient,
    double[] EntropyGradient,
    IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>A metric as one number.</summary>
    public static double Value(PolicyMetric metric, Sequences sequences) => metric.Statistic switch
    {
        Statistic.Mean => metric.Mean().Mean,
        Statistic.Lowest => metric.Range(sequences).Lowest,
        Statistic.Highest => metric.Range(sequences).Highest,
        _ => throw new InvalidOperationException($"there is no statistic {metric.Statistic}"),
    };
}
