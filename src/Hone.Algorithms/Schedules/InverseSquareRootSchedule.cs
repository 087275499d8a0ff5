namespace Hone.Algorithms.Schedules;

/// <summary>Linear warm-up, then peak · √(τ / (s − w + τ)), which needs no end.</summary>
/// <remarks>Scaling Vision Transformers, arXiv:2106.04560, section 3.5.</remarks>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUpUpdates">Updates until it is reached, w.</param>
public sealed record InverseSquareRootSchedule(double Peak, long WarmUpUpdates) : ILearningRateSchedule
{
    /// <summary>τ in updates: after 3τ the rate has halved. The warm-up, or 10 000 where there is none.</summary>
    public double Timescale { get; init; } = WarmUpUpdates > 0 ? WarmUpUpdates : 10_000;

    /// <inheritdoc/>
    public double Rate(long update) => update < WarmUpUpdates
        ? Peak * WarmUp.Linear(update, WarmUpUpdates)
        : Peak / Math.Sqrt((update - WarmUpUpdates + Timescale) / Timescale);
}
