using System.Text;

namespace Hone.Models.Generation;

/// <summary>Watches a text that grows piece by piece for the first of several strings.</summary>
/// <param name="strings">What to look for.</param>
public sealed class StopStrings(IReadOnlyList<string> strings)
{
    private readonly int _longest = strings.Count == 0 ? 0 : strings.Max(text => text.Length);
    private readonly StringBuilder _tail = new();

    /// <summary>The string that was met, or null.</summary>
    public string? Met { get; private set; }

    /// <summary>Adds a piece of text.</summary>
    /// <param name="piece">What the last token added; may be empty while a character is incomplete.</param>
    /// <returns>Whether the text so far contains one of the strings.</returns>
    public bool Append(string piece)
    {
        if (Met is not null || piece.Length == 0 || strings.Count == 0)
        {
            return Met is not null;
        }

        _tail.Append(piece);
        var text = _tail.ToString();
        Met = strings.FirstOrDefault(stop => text.Contains(stop, StringComparison.Ordinal));

        // What comes can meet a string only together with fewer characters than the longest has.
        var kept = Math.Min(text.Length, Math.Max(_longest - 1, 0));
        _tail.Clear().Append(text, text.Length - kept, kept);
        return Met is not null;
    }
}
