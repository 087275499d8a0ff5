using System.Globalization;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checking;

/// <summary>What the comparisons of one case found.</summary>
public sealed class Findings
{
    private readonly List<string> _failures = [];

    /// <summary>One line for each quantity that is not as the reference has it.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>How many comparisons were made. A case that compared nothing has not passed.</summary>
    public int Comparisons { get; private set; }

    /// <summary>Compares with a recorded number or nested lists of numbers, under the place of the field.</summary>
    public void Close(Field expected, ReadOnlySpan<double> got, Tolerance tolerance) =>
        Close(expected.At, expected.Numbers, got, tolerance);

    /// <summary>Compares with a recorded number, under the place of the field.</summary>
    public void Close(Field expected, double got, Tolerance tolerance) =>
        Close(expected.At, [expected.Number], [got], tolerance);

    /// <summary>Compares a number.</summary>
    public void Close(string quantity, double expected, double got, Tolerance tolerance) =>
        Close(quantity, [expected], [got], tolerance);

    /// <summary>Compares tensors element by element. NaN equals NaN, an infinity itself.</summary>
    public void Close(string quantity, ReadOnlySpan<double> expected, ReadOnlySpan<double> got, Tolerance tolerance)
    {
        Comparisons++;
        if (expected.Length != got.Length)
        {
            Fail(quantity, $"expected {expected.Length} numbers, got {got.Length}");
            return;
        }

        var largest = tolerance.OfLargest ? Largest(expected) : 0;
        var (outside, worst, worstExcess) = (0, -1, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            var scale = tolerance.OfLargest ? largest : Math.Abs(expected[i]);
            var allowed = tolerance.Absolute + (tolerance.Relative * (double.IsFinite(scale) ? scale : 0));
            var distance = Distance(expected[i], got[i]);
            if (distance <= allowed)
            {
                continue;
            }

            outside++;
            if (worst < 0 || double.IsNaN(distance) || distance - allowed > worstExcess)
            {
                (worst, worstExcess) = (i, distance - allowed);
            }
        }

        if (outside > 0)
        {
            var place = expected.Length == 1 ? quantity : $"{quantity}[{worst}]";
            var others = outside == 1 ? "" : $" (worst of {outside} among {expected.Length})";
            Fail(place, $"expected {Text(expected[worst])}, got {Text(got[worst])}, "
                + $"difference {Distance(expected[worst], got[worst]).ToString("g3", CultureInfo.InvariantCulture)}, "
                + $"tolerance {tolerance}{others}");
        }
    }

    /// <summary>Compares what must be the same: integers, ids, text, flags.</summary>
    public void Same<T>(string quantity, T expected, T got)
    {
        Comparisons++;
        if (!EqualityComparer<T>.Default.Equals(expected, got))
        {
            Fail(quantity, $"expected {Show(expected)}, got {Show(got)}, tolerance exact");
        }
    }

    /// <summary>Compares lists whose elements must be the same.</summary>
    public void SameList<T>(string quantity, IReadOnlyList<T> expected, IReadOnlyList<T> got)
    {
        Comparisons++;
        var shared = Math.Min(expected.Count, got.Count);
        var first = 0;
        while (first < shared && EqualityComparer<T>.Default.Equals(expected[first], got[first]))
        {
            first++;
        }

        if (first < shared)
        {
            Fail($"{quantity}[{first}]", $"expected {Show(expected[first])}, got {Show(got[first])}, tolerance exact");
        }
        else if (expected.Count != got.Count)
        {
            Fail(quantity, $"expected {expected.Count} elements, got {got.Count}");
        }
    }

    /// <summary>Records that <paramref name="quantity"/> is not as it must be.</summary>
    public void Fail(string quantity, string what) => _failures.Add($"{quantity}: {what}");

    private static double Distance(double expected, double got) => (expected, got) switch
    {
        _ when expected.Equals(got) => 0,
        _ when double.IsFinite(expected) && double.IsFinite(got) => Math.Abs(got - expected),
        _ => double.PositiveInfinity,
    };

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        }

        return largest;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Show<T>(T value) => value switch
    {
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        null => "nothing",
        _ => value.ToString() ?? "nothing",
    };
}
