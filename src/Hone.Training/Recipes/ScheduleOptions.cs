namespace Hone.Training.Recipes;

/// <summary>How the learning rate changes over the run. The rate of a step is <c>optimizer.learning_rate</c> times the
/// schedule's factor.</summary>
public abstract record ScheduleOptions
{
    private protected ScheduleOptions()
    {
    }

    /// <summary>Steps over which the rate rises in a straight line from 0.</summary>
    [Interval("[0, ∞)")]
    public int WarmupSteps { get; init; }

    /// <summary>Steps whose rate the schedule fixes by their number, which the run must have.</summary>
    internal virtual int ShapedSteps => WarmupSteps;
}

/// <summary>The full rate all the time.</summary>
public sealed record ConstantScheduleOptions : ScheduleOptions;

/// <summary>A straight line down to 0 at the end of the run.</summary>
public sealed record LinearScheduleOptions : ScheduleOptions;

/// <summary>Half a cosine wave down to the end of the run.</summary>
public sealed record CosineScheduleOptions : ScheduleOptions
{
    /// <summary>The share of the full rate that is left at the end.</summary>
    [Interval("[0, 1]")]
    public double MinRatio { get; init; }
}

/// <summary>Warm-up, the full rate, then a decay (warmup-stable-decay, arXiv:2404.06395).</summary>
public sealed record WsdScheduleOptions : ScheduleOptions
{
    /// <summary>Steps of the decay, the last ones of the run.</summary>
    [Interval("[0, ∞)")]
    public required int DecaySteps { get; init; }

    /// <summary>The curve of the decay.</summary>
    public DecayCurve Decay { get; init; } = DecayCurve.Cosine;

    /// <summary>The share of the full rate that is left at the end.</summary>
    [Interval("[0, 1]")]
    public double MinRatio { get; init; }

    internal override int ShapedSteps => WarmupSteps + DecaySteps;
}

/// <summary>The curve of a decay from 1 to 0, over x from 0 to 1.</summary>
public enum DecayCurve
{
    /// <summary>1 − x.</summary>
    Linear,

    /// <summary>(1 + cos πx) / 2.</summary>
    Cosine,

    /// <summary>1 − √x.</summary>
    SquareRoot,
}
