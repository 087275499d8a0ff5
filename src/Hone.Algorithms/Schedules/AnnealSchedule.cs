namespace Hone.Algorithms.Schedules;

/// <summary>From one rate to another, where it stays: the schedule under which weights are averaged.</summary>
/// <remarks>Stochastic weight averaging, arXiv:1803.05407, section 3.</remarks>
/// <param name="From">The rate of the first update.</param>
/// <param name="To">The rate at the end.</param>
/// <param name="Updates">Updates until the end.</param>
public sealed record AnnealSchedule(double From, double To, long Updates) : ILearningRateSchedule
{
    /// <summary>Whether the way is half a cosine wave instead of a straight line.</summary>
    public bool Cosine { get; init; }

    /// <inheritdoc/>
    public double Rate(long update)
    {
        var x = Math.Min(1, update / (double)Math.Max(1, Updates));
        return From + ((To - From) * (Cosine ? 0.5 * (1 - Math.Cos(Math.PI * x)) : x));
    }
}
