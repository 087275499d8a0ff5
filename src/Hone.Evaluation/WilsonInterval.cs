namespace Hone.Evaluation;

/// <summary>The confidence interval of a share that stays in [0, 1] and is not empty at 0 or 1.</summary>
/// <remarks>E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).</remarks>
public static class WilsonInterval
{
    /// <summary>The normal quantile of 95 % confidence, two-sided.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>The interval of <paramref name="successes"/> in <paramref name="count"/> trials.</summary>
    /// <param name="successes">At most <paramref name="count"/>.</param>
    /// <param name="count">0 gives [0, 1]: nothing is known.</param>
    /// <param name="z">The normal quantile of the confidence wished for.</param>
    public static Interval Of(long successes, long count, double z = Z95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        if (count == 0)
        {
            return new Interval(0, 1);
        }

        // (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
        var (p, n) = (successes / (double)count, (double)count);
        var centre = p + (z * z / (2 * n));
        var half = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        var scale = 1 + (z * z / n);
        return new Interval(
            successes == 0 ? 0 : (centre - half) / scale,
            successes == count ? 1 : (centre + half) / scale);
    }
}
