namespace Hone.Algorithms.Schedules;

/// <summary>One rate, after a linear warm-up if there is one.</summary>
/// <param name="Peak">The rate.</param>
/// <param name="WarmUpUpdates">Updates until it is reached.</param>
public sealed record ConstantSchedule(double Peak, long WarmUpUpdates = 0) : ILearningRateSchedule
{
    /// <inheritdoc/>
    public double Rate(long update) => update < WarmUpUpdates ? Peak * WarmUp.Linear(update, WarmUpUpdates) : Peak;
}
