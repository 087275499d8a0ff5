namespace Hone.Benchmarks.Lines;

/// <summary>The middle and the ends of some repetitions.</summary>
/// <param name="Median">The one in the middle, or the mean of the two there.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
public readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>The spread of at least one sample.</summary>
    public static Spread Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }
}
