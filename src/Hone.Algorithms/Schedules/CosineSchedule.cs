namespace Hone.Algorithms.Schedules;

/// <summary>Linear warm-up, then a cosine down to a lowest rate.</summary>
/// <remarks>SGDR, arXiv:1608.03983, eq. 5, without restarts. Past the end the wave goes on and the rate rises
/// again.</remarks>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUpUpdates">Updates until it is reached.</param>
/// <param name="TotalUpdates">Updates until the end.</param>
public sealed record CosineSchedule(double Peak, long WarmUpUpdates, long TotalUpdates) : ILearningRateSchedule
{
    /// <summary>How many waves; ½ is a single fall.</summary>
    public double Cycles { get; init; } = 0.5;

    /// <summary>The lowest rate.</summary>
    public double Lowest { get; init; }

    /// <inheritdoc/>
    public double Rate(long update)
    {
        if (update < WarmUpUpdates)
        {
            return Peak * WarmUp.Linear(update, WarmUpUpdates);
        }

        var progress = WarmUp.Progress(update, WarmUpUpdates, TotalUpdates);
        var wave = 0.5 * (1 + Math.Cos(2 * Math.PI * Cycles * progress));
        return Math.Max(0, Lowest + ((Peak - Lowest) * wave));
    }
}
