namespace Hone.Cli.Training;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Draws values from left to right; where there are more than columns, each column is the mean of its
    /// part.</summary>
    /// <param name="values">Finite numbers.</param>
    /// <param name="columns">The most letters.</param>
    public static string Draw(IReadOnlyList<double> values, int columns)
    {
        var count = Math.Min(values.Count, columns);
        if (count == 0)
        {
            return "";
        }

        var means = new double[count];
        for (var i = 0; i < count; i++)
        {
            var (start, end) = ((int)((long)i * values.Count / count), (int)((long)(i + 1) * values.Count / count));
            for (var j = start; j < end; j++)
            {
                means[i] += values[j] / (end - start);
            }
        }

        var (low, high) = (means.Min(), means.Max());
        return string.Concat(
            means.Select(mean => Bars[high > low ? (int)((mean - low) / (high - low) * (Bars.Length - 1) + 0.5) : 0]));
    }
}
