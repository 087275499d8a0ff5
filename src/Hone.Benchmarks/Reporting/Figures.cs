using System.Globalization;
using Hone.Benchmarks.Lines;

namespace Hone.Benchmarks.Reporting;

/// <summary>Figures as people read them.</summary>
public static class Figures
{
    private static readonly (double Least, double Factor, string Unit)[] Times =
        [(1, 1, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs"), (0, 1e9, "ns")];

    /// <summary>
    /// <c>1,234 (1,201…1,250) tokens/s</c>, <c>48.3 (46.6…56.5) ms</c>; <c>failed</c> of a line without figures.
    /// </summary>
    public static string Of(BenchmarkLine line)
    {
        if (line.Figures is not { } spread)
        {
            return "failed";
        }

        var (factor, unit) = Scale(line.Metric, spread.Median);
        return $"{Number(spread.Median * factor)} ({Number(spread.Min * factor)}…{Number(spread.Max * factor)}) {unit}";
    }

    /// <summary>The figure in the middle alone.</summary>
    public static string MedianOf(BenchmarkLine line)
    {
        if (line.Figures is not { } spread)
        {
            return "-";
        }

        var (factor, unit) = Scale(line.Metric, spread.Median);
        return $"{Number(spread.Median * factor)} {unit}";
    }

    /// <summary><c>84 % of memory</c>; empty where there is no limit. Shares of the shapes' own rates, the cycles of
    /// all threads that a byte takes, and what a search spares, follow where they are known.</summary>
    public static string ShareOf(BenchmarkLine line)
    {
        string[] parts =
        [
            line.ExtraNumber("share_of_limit") is { } share
                ? $"{Percent(share)} of {(string?)line.Extra["limit"]}" : "",
            line.ExtraNumber("share_of_shapes") is { } own ? $"{Percent(own)} of the shapes" : "",
            line.ExtraNumber("cycles_per_byte") is { } cycles ? $"{Number(cycles)} cycles a byte" : "",
            line.ExtraNumber("times_fewer") is { } times ? $"{Number(times)} times fewer tokens by sharing" : "",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    /// <summary>
    /// How many times better a line is than another, <c>1.31x</c>; <c>-</c> where one of them has no figure.
    /// </summary>
    public static string RatioOf(BenchmarkLine own, BenchmarkLine? other) =>
        (own.Figures, other?.Figures) is ({ } mine, { } theirs)
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{(own.IsHigherBetter ? mine.Median / theirs.Median : theirs.Median / mine.Median):0.00}x")
        : "-";

    /// <summary>Four significant digits, with commas between thousands.</summary>
    public static string Number(double value) => value.ToString(
        Math.Abs(value) switch
        {
            >= 1000 => "#,##0",
            >= 100 => "0.#",
            >= 10 => "0.##",
            >= 1 => "0.###",
            _ => "0.####",
        },
        CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(
        CultureInfo.InvariantCulture, $"{(share < 0.01 ? $"{100 * share:0.##}" : $"{100 * share:0}")} %");

    private static (double Factor, string Unit) Scale(string metric, double median)
    {
        if (metric != "s")
        {
            return (1, metric);
        }

        var (_, factor, unit) = Times.First(time => median >= time.Least);
        return (factor, unit);
    }
}
