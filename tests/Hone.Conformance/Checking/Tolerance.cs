using System.Globalization;

namespace Hone.Conformance.Checking;

/// <summary>How far a number may lie from the reference's: <c>|got − expected| ≤ Absolute + Relative ·
/// scale</c>.</summary>
/// <param name="Relative">The share of the scale.</param>
/// <param name="Absolute">The part that does not scale.</param>
/// <param name="OfLargest">The scale is the largest finite magnitude of the whole tensor instead of the number's
/// own.</param>
public readonly record struct Tolerance(double Relative, double Absolute = 0, bool OfLargest = false)
{
    /// <summary>Nothing but the same number will do.</summary>
    public static Tolerance Exact => new(0);

    /// <inheritdoc/>
    public override string ToString() => (Relative, Absolute) switch
    {
        (0, 0) => "exact",
        (_, 0) => $"{Text(Relative)} {Scale}",
        (0, _) => $"{Text(Absolute)} absolute",
        _ => $"{Text(Relative)} {Scale} + {Text(Absolute)} absolute",
    };

    private string Scale => OfLargest ? "of the largest element" : "relative";

    private static string Text(double value) => value.ToString("g3", CultureInfo.InvariantCulture);
}
