using System.Text;

namespace Hone.Data.Tests;

/// <summary>Text full of what readers trip over.</summary>
internal static class RandomText
{
    private static readonly string[] Parts =
        ["a", "B", " ", "\"", "\"\"", ",", "\t", "\n", "\r\n", "\\", "é", "日本", "🙂", "\u2028", "{", "}", "[", "]", ":",
            "<|endoftext|>", "0", "-1e5"];

    /// <summary>At least one character, of <paramref name="parts"/> parts.</summary>
    public static string Of(Random chance, int parts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < parts; i++)
        {
            text.Append(Parts[chance.Next(Parts.Length)]);
        }

        return text.ToString();
    }
}
