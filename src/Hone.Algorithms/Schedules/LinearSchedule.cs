namespace Hone.Algorithms.Schedules;

/// <summary>Linear warm-up, then a straight line down to 0 at the end, where it stays.</summary>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUpUpdates">Updates until it is reached.</param>
/// <param name="TotalUpdates">Updates until the rate is 0.</param>
public sealed record LinearSchedule(double Peak, long WarmUpUpdates, long TotalUpdates) : ILearningRateSchedule
{
    /// <inheritdoc/>
    public double Rate(long update) => update < WarmUpUpdates
        ? Peak * WarmUp.Linear(update, WarmUpUpdates)
        : Peak * Math.Max(0, 1 - WarmUp.Progress(update, WarmUpUpdates, TotalUpdates));
}
