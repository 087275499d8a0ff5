namespace Hone.Algorithms;

/// <summary>Mean and unbiased standard deviation of the values that are numbers.</summary>
/// <param name="Mean">NaN when no value is a number.</param>
/// <param name="Deviation">√(Σ(x − mean)² / (n − 1)); NaN when fewer than two values are numbers.</param>
/// <param name="Count">How many values are numbers.</param>
public readonly record struct Spread(double Mean, double Deviation, int Count)
{
    /// <summary>Below this a deviation counts as 0: rewards that differ only by rounding.</summary>
    public const double Negligible = 1e-8;

    /// <summary>Whether all the values are the same number.</summary>
    public bool IsZero => Deviation <= Negligible;

    /// <summary>Measures <paramref name="values"/>, passing over NaN.</summary>
    public static Spread Of(ReadOnlySpan<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                (sum, count) = (sum + value, count + 1);
            }
        }

        var mean = sum / count;
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += double.IsNaN(value) ? 0 : (value - mean) * (value - mean);
        }

        return new Spread(mean, count > 1 ? Math.Sqrt(squares / (count - 1)) : double.NaN, count);
    }
}
