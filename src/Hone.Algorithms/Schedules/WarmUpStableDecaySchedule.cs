namespace Hone.Algorithms.Schedules;

/// <summary>Warm-up, a long constant part, and a short fall at the end.</summary>
/// <remarks>MiniCPM, arXiv:2404.06395, section 4; the 1 − √ fall is of arXiv:2405.18392, section 3.</remarks>
/// <param name="Peak">The rate of the constant part.</param>
/// <param name="WarmUpUpdates">Updates of the warm-up.</param>
/// <param name="StableUpdates">Updates of the constant part.</param>
/// <param name="DecayUpdates">Updates of the fall.</param>
public sealed record WarmUpStableDecaySchedule(double Peak, long WarmUpUpdates, long StableUpdates, long DecayUpdates)
    : ILearningRateSchedule
{
    /// <summary>The form of the rise.</summary>
    public Ramp Rise { get; init; } = Ramp.Linear;

    /// <summary>The form of the fall.</summary>
    public Ramp Fall { get; init; } = Ramp.Cosine;

    /// <summary>How many waves a cosine fall has; ½ is a single fall.</summary>
    public double Cycles { get; init; } = 0.5;

    /// <summary>The rate at both ends as a share of the peak: the warm-up starts there and the fall stays
    /// there.</summary>
    public double LowestShare { get; init; }

    /// <inheritdoc/>
    public double Rate(long update)
    {
        var fallen = update - WarmUpUpdates - StableUpdates;
        return fallen switch
        {
            _ when update < WarmUpUpdates => Lifted(Up(WarmUp.Linear(update, WarmUpUpdates))),
            < 0 => Peak,
            _ when fallen < DecayUpdates => Lifted(Down(fallen / (double)DecayUpdates)),
            _ => Peak * LowestShare,
        };
    }

    private double Lifted(double share) => Peak * Math.Max(0, LowestShare + ((1 - LowestShare) * share));

    private double Up(double x) => Rise switch
    {
        Ramp.Linear => x,
        Ramp.Cosine => 0.5 * (1 - Math.Cos(Math.PI * x)),
        Ramp.OneMinusSquareRoot => 1 - Math.Sqrt(1 - x),
        _ => throw new InvalidOperationException($"there is no ramp {Rise}"),
    };

    private double Down(double x) => Fall switch
    {
        Ramp.Linear => 1 - x,
        Ramp.Cosine => 0.5 * (1 + Math.Cos(2 * Math.PI * Cycles * x)),
        Ramp.OneMinusSquareRoot => 1 - Math.Sqrt(x),
        _ => throw new InvalidOperationException($"there is no ramp {Fall}"),
    };
}
