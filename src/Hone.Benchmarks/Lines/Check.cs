using System.Globalization;

namespace Hone.Benchmarks.Lines;

/// <summary>Whether what was computed is right; a fast wrong answer is no figure.</summary>
/// <param name="Holds">Whether it is.</param>
/// <param name="Words">What was compared with what.</param>
public sealed record Check(bool Holds, string Words)
{
    /// <summary>Every one of several checks; the words of those that fail, or else of all.</summary>
    public static Check All(params IReadOnlyList<Check> checks)
    {
        var failed = checks.Where(check => !check.Holds).ToList();
        return new Check(
            failed is [], string.Join("; ", (failed is [] ? checks : failed).Select(check => check.Words)));
    }

    /// <summary>Whether an error lies within its limit.</summary>
    /// <param name="what">What the error is of.</param>
    /// <param name="error">The error; NaN is outside of any limit.</param>
    /// <param name="limit">The largest error that is good enough.</param>
    public static Check Within(string what, double error, double limit) => new(
        error <= limit,
        string.Create(CultureInfo.InvariantCulture, $"{what}: {error:0.##e-0}, at most {limit:0.##e-0}"));

    /// <summary>Whether a count is what it must be.</summary>
    public static Check Equal(string what, long found, long expected) => new(
        found == expected,
        string.Create(
            CultureInfo.InvariantCulture, $"{what}: {found}{(found == expected ? "" : $", must be {expected}")}"));
}
