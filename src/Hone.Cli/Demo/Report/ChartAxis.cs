using System.Globalization;

namespace Hone.Cli.Demo.Report;

/// <summary>A range of numbers laid out on a line, with marks at round ones.</summary>
internal sealed record ChartAxis
{
    private const int MostMarks = 6;

    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    /// <summary>Lays out the range of <paramref name="values"/> between two places.</summary>
    /// <param name="values">At least one finite number.</param>
    /// <param name="from">Where the smallest comes, in pixels.</param>
    /// <param name="to">Where the largest comes, in pixels.</param>
    /// <param name="isWidened">Whether the range is widened to round numbers.</param>
    public ChartAxis(IReadOnlyCollection<double> values, double from, double to, bool isWidened = true)
    {
        var (low, high) = (values.Min(), values.Max());
        if (high - low < 1e-9)
        {
            high = low + 1;
        }

        var step = RoundStep((high - low) / (MostMarks - 1));
        (_low, _high) = isWidened
            ? (Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step)
            : (low, high);
        (_from, _to) = (from, to);
        var (first, last) = ((long)Math.Ceiling(_low / step - 1e-9), (long)Math.Floor(_high / step + 1e-9));
        Marks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    /// <summary>Round numbers of the range, from the smallest to the largest.</summary>
    public IReadOnlyList<double> Marks { get; }

    /// <summary>Where a value comes, in pixels.</summary>
    public double Place(double value) => _from + ((value - _low) / (_high - _low) * (_to - _from));

    /// <summary>A mark in words.</summary>
    public static string Text(double mark) => Math.Round(mark, 6).ToString("#,0.####", CultureInfo.InvariantCulture);

    /// <summary>The next of 1, 2 and 5 times a power of ten.</summary>
    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double[] steps = [1, 2, 5, 10];
        return power * steps.First(step => step * power >= least * (1 - 1e-9));
    }
}
