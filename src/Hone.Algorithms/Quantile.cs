namespace Hone.Algorithms;

/// <summary>Quantiles with linear interpolation between neighbours.</summary>
public static class Quantile
{
    /// <summary>The value below which the share <paramref name="share"/> of <paramref name="values"/> lies; NaN of
    /// nothing.</summary>
    public static double Of(ReadOnlySpan<double> values, double share)
    {
        if (values.IsEmpty)
        {
            return double.NaN;
        }

        var sorted = values.ToArray();
        Array.Sort(sorted);
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
