namespace Hone.Training.Metrics;

/// <summary>A mean that has not been divided yet, so that parts of a batch can be put together exactly, however unequal
/// they are.</summary>
/// <param name="Sum">The sum over what was counted.</param>
/// <param name="Count">How many were counted: tokens, answers, rows.</param>
public readonly record struct Metric(double Sum, double Count)
{
    /// <summary>The mean; NaN when nothing was counted.</summary>
    public double Mean => Sum / Count;

    /// <summary>Both together.</summary>
    public static Metric operator +(Metric first, Metric second) =>
        new(first.Sum + second.Sum, first.Count + second.Count);
}
