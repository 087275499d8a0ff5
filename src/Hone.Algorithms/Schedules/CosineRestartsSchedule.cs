namespace Hone.Algorithms.Schedules;

/// <summary>Linear warm-up, then several cosines, each from the peak down to 0; 0 after the last.</summary>
/// <remarks>SGDR, arXiv:1608.03983, eq. 5, with restarts of equal length.</remarks>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUpUpdates">Updates until it is reached.</param>
/// <param name="TotalUpdates">Updates until the end.</param>
public sealed record CosineRestartsSchedule(double Peak, long WarmUpUpdates, long TotalUpdates) : ILearningRateSchedule
{
    /// <summary>How many falls.</summary>
    public int Falls { get; init; } = 1;

    /// <inheritdoc/>
    public double Rate(long update)
    {
        if (update < WarmUpUpdates)
        {
            return Peak * WarmUp.Linear(update, WarmUpUpdates);
        }

        var progress = WarmUp.Progress(update, WarmUpUpdates, TotalUpdates);
        return progress >= 1 ? 0 : Peak * 0.5 * (1 + Math.Cos(Math.PI * (Falls * progress % 1)));
    }
}
