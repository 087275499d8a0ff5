namespace Hone.Algorithms.Schedules;

/// <summary>Lowers the rate when a metric has stopped improving. Immutable: each metric gives the next state.</summary>
/// <param name="Current">The rate now.</param>
public sealed record PlateauSchedule(double Current)
{
    /// <summary>What the rate is multiplied with.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>How many metrics without improvement are borne.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>How many metrics after a cut do not count.</summary>
    public int Cooldown { get; init; }

    /// <summary>By how much a metric must be better to count as an improvement.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>Whether the threshold is a difference instead of a share of the best.</summary>
    public bool AbsoluteThreshold { get; init; }

    /// <summary>Whether larger is better.</summary>
    public bool Maximize { get; init; }

    /// <summary>The rate is never lower.</summary>
    public double Lowest { get; init; }

    /// <summary>A cut smaller than this is not made.</summary>
    public double SmallestCut { get; init; } = 1e-8;

    /// <summary>The best metric so far; NaN before the first.</summary>
    public double Best { get; init; } = double.NaN;

    /// <summary>Metrics since the last improvement.</summary>
    public int Waited { get; init; }

    /// <summary>Metrics that the cooldown still lasts.</summary>
    public int Cooling { get; init; }

    /// <summary>The state after one more metric.</summary>
    public PlateauSchedule After(double metric)
    {
        var improved = double.IsNaN(Best) || Improves(metric);
        var cooling = Math.Max(0, Cooling - 1);
        var waited = improved || Cooling > 0 ? 0 : Waited + 1;
        var next = this with { Best = improved ? metric : Best, Waited = waited, Cooling = cooling };
        if (waited <= Patience)
        {
            return next;
        }

        var lower = Math.Max(Current * Factor, Lowest);
        return next with { Current = Current - lower > SmallestCut ? lower : Current, Waited = 0, Cooling = Cooldown };
    }

    private bool Improves(double metric) => (Maximize, AbsoluteThreshold) switch
    {
        (false, false) => metric < Best * (1 - Threshold),
        (false, true) => metric < Best - Threshold,
        (true, false) => metric > Best * (1 + Threshold),
        (true, true) => metric > Best + Threshold,
    };
}
