using System.Text;
using Hone.Data;
using Hone.Text;

namespace Hone.Cli.Writing;

/// <summary>Tokens as a line of text in which it can be seen where each begins and which are trained.</summary>
internal static class TokenMarks
{
    private const string Trained = "\u001b[32m";
    private const string Special = "\u001b[36m";
    private const string Plain = "\u001b[0m";

    /// <summary>The tokens with a bar between two; the trained ones in green, or between « and ».</summary>
    /// <param name="tokenizer">What they are tokens of.</param>
    /// <param name="example">The tokens.</param>
    /// <param name="inColor">Whether colours can be shown.</param>
    public static string Of(Tokenizer tokenizer, TrainingExample example, bool inColor)
    {
        var text = new StringBuilder();
        for (var i = 0; i < example.Tokens.Length; i++)
        {
            var (token, trained) = (tokenizer.TokenOf(example.Tokens[i]), example.Trained[i]);
            text.Append(i > 0 ? "|" : "");
            if (inColor)
            {
                text.Append(trained ? Trained : tokenizer.IsSpecial(example.Tokens[i]) ? Special : "").Append(Visible(token)).Append(Plain);
                continue;
            }

            text.Append(trained && (i == 0 || !example.Trained[i - 1]) ? "«" : "").Append(Visible(token));
            text.Append(trained && (i + 1 == example.Tokens.Length || !example.Trained[i + 1]) ? "»" : "");
        }

        return text.ToString();
    }

    /// <summary>Without what would move the line: a token may be a newline.</summary>
    private static string Visible(string token) => string.Concat(token.Select(letter => letter switch
    {
        '\n' => "⏎",
        '\t' => "⇥",
        _ when char.IsControl(letter) => "�",
        _ => $"{letter}",
    }));
}
