using System.Globalization;

namespace Hone.Training.Recipes;

/// <summary>The range that a number of a recipe must lie in, in the notation of mathematics: <c>[0, 1)</c>, <c>(0,
/// ∞)</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IntervalAttribute : Attribute
{
    private readonly double _low;
    private readonly double _high;

    /// <summary>Reads the interval; a square bracket includes its end, a round one leaves it out.</summary>
    /// <param name="notation">For example <c>(0, 1]</c>; ends may be <c>∞</c> or <c>-∞</c>.</param>
    /// <exception cref="FormatException">The notation is not one of an interval.</exception>
    public IntervalAttribute(string notation)
    {
        Notation = notation;
        if (notation is not ['[' or '(', .. var ends, ']' or ')'] || ends.Split(", ") is not [var low, var high])
        {
            throw new FormatException($"interval: must look like \"[0, 1)\", got \"{notation}\"");
        }

        (_low, _high) = (End(low), End(high));
    }

    /// <summary>The interval as it is written in messages and in the reference.</summary>
    public string Notation { get; }

    /// <summary>Whether <paramref name="value"/> lies inside.</summary>
    public bool Contains(double value) =>
        (Notation[0] == '[' ? value >= _low : value > _low) && (Notation[^1] == ']' ? value <= _high : value < _high);

    private static double End(string text) => text switch
    {
        "∞" => double.PositiveInfinity,
        "-∞" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
