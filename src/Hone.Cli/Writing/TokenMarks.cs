using System.Text;
using Hone.Data;
using Hone.Text;

namespace Hone.Cli.Writing;

/// <summary>Tokens as lines of text, one for each section, in which it can be seen where each token begins and which
/// are trained.</summary>
/// <param name="tokenizer">What they are tokens of.</param>
/// <param name="inColor">Whether colours can be shown.</param>
internal sealed class TokenMarks(Tokenizer tokenizer, bool inColor)
{
    private const string Trained = "\u001b[32m";
    private const string Special = "\u001b[36m";
    private const string TrainedSpecial = "\u001b[1;32m";
    private const string Faint = "\u001b[2m";
    private const string Plain = "\u001b[0m";

    /// <summary>What the marks mean.</summary>
    public string Legend => inColor
        ? $"{Trained}trained{Plain}  {TrainedSpecial}trained, special{Plain}  {Special}special{Plain}  given  "
            + $"{Faint}| between tokens, a line for each part{Plain}"
        : "«trained»  given  | between tokens, a line for each part";

    /// <summary>The sections with their names.</summary>
    public IEnumerable<string> Lines(ExamplePreview preview)
    {
        var width = preview.Sections.Max(section => section.Name.Length);
        var ends = preview.Sections.Skip(1).Select(section => section.Start).Append(preview.Example.Length);
        foreach (var (section, end) in preview.Sections.Zip(ends))
        {
            var name = section.Name.PadRight(width);
            var shown = inColor ? $"{Faint}{name}{Plain}" : name;
            yield return $"  {shown}  {Tokens(preview.Example, section.Start, end)}";
        }
    }

    private string Tokens(TrainingExample example, int start, int end)
    {
        var text = new StringBuilder();
        for (var i = start; i < end; i++)
        {
            var (token, trained) = (Visible(tokenizer.TokenOf(example.Tokens[i])), example.Trained[i]);
            var bar = i > start ? "|" : "";
            if (inColor)
            {
                var color = (trained, tokenizer.IsSpecial(example.Tokens[i])) switch
                {
                    (true, true) => TrainedSpecial,
                    (true, false) => Trained,
                    (false, true) => Special,
                    _ => "",
                };
                text.Append(bar.Length > 0 ? $"{Faint}{bar}{Plain}" : "").Append(color).Append(token).Append(Plain);
                continue;
            }

            text.Append(bar).Append(trained && (i == start || !example.Trained[i - 1]) ? "«" : "").Append(token);
            text.Append(trained && (i + 1 == end || !example.Trained[i + 1]) ? "»" : "");
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
