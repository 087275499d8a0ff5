namespace Hone.Algorithms.Schedules;

/// <summary>A warm-up that starts above 0, then a cosine down to a lowest rate that the last update reaches.</summary>
/// <remarks>
/// The first update already learns: without <see cref="First"/> update s of w has (s + 1)/w of the peak, with it the
/// rate goes straight from <see cref="First"/> to the peak. Known elsewhere as <c>cosine_warmup_with_min_lr</c>.
/// </remarks>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUpUpdates">Updates until it is reached.</param>
/// <param name="TotalUpdates">Updates until the end.</param>
public sealed record CosineWarmUpSchedule(double Peak, long WarmUpUpdates, long TotalUpdates) : ILearningRateSchedule
{
    /// <summary>How many waves; ½ is a single fall.</summary>
    public double Cycles { get; init; } = 0.5;

    /// <summary>The lowest rate.</summary>
    public double Lowest { get; init; }

    /// <summary>The rate of the first update; NaN for the peak's share 1/w.</summary>
    public double First { get; init; } = double.NaN;

    /// <inheritdoc/>
    public double Rate(long update)
    {
        if (update < WarmUpUpdates)
        {
            return double.IsNaN(First)
                ? Peak * (update + 1) / Math.Max(1, WarmUpUpdates)
                : First + ((Peak - First) * update / Math.Max(1, WarmUpUpdates - 1));
        }

        var progress = WarmUp.Progress(update + 1, WarmUpUpdates, TotalUpdates);
        var wave = 0.5 * (1 + Math.Cos(2 * Math.PI * Cycles * progress));
        return Math.Max(0, Lowest + ((Peak - Lowest) * wave));
    }
}
