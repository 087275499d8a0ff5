namespace Hone.Algorithms.Schedules;

/// <summary>Linear warm-up, then (1 − progress)ᵖ down to a last rate, where it stays.</summary>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUpUpdates">Updates until it is reached.</param>
/// <param name="TotalUpdates">Updates until the last rate.</param>
public sealed record PolynomialSchedule(double Peak, long WarmUpUpdates, long TotalUpdates) : ILearningRateSchedule
{
    /// <summary>The exponent p; 1 is a straight line.</summary>
    public double Power { get; init; } = 1;

    /// <summary>The last rate.</summary>
    public double Last { get; init; } = 1e-7;

    /// <inheritdoc/>
    public double Rate(long update) => update switch
    {
        _ when update < WarmUpUpdates => Peak * WarmUp.Linear(update, WarmUpUpdates),
        _ when update > TotalUpdates => Last,
        _ => Last + ((Peak - Last) * Math.Pow(1 - WarmUp.Progress(update, WarmUpUpdates, TotalUpdates), Power)),
    };
}
