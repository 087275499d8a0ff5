using System.Text;

namespace Hone.Text.Decoders;

/// <summary>Takes out the blanks that English does not write.</summary>
internal static class WordPieceCleanup
{
    private static readonly (string From, string To)[] Replacements =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
            (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>Applies the replacements, one after the other.</summary>
    public static string Apply(string text)
    {
        if (!text.Contains(' ', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text);
        foreach (var (from, to) in Replacements)
        {
            result.Replace(from, to);
        }

        return result.ToString();
    }
}
