using System.Text;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.PostProcessors;

/// <summary>Takes blanks off the spans of byte-level tokens.</summary>
/// <param name="addPrefixSpace">Whether the tokenizer put a blank before the text, which no character of the input
/// stands for.</param>
internal sealed class OffsetTrimming(bool addPrefixSpace) : IPostProcessor
{
    private const int BlankLetter = 'Ġ';

    /// <inheritdoc/>
    public void Process(List<TokenSequence> sequences, bool addSpecialTokens)
    {
        foreach (var sequence in sequences)
        {
            for (var index = 0; index < sequence.Ids.Count; index++)
            {
                Trim(sequence, index);
            }
        }
    }

    private void Trim(TokenSequence sequence, int index)
    {
        var runes = sequence.Tokens[index].EnumerateRunes().ToArray();
        var leading = runes.TakeWhile(IsBlank).Count();
        var trailing = runes.Reverse().TakeWhile(IsBlank).Count();
        var start = sequence.Starts[index];
        var end = sequence.Ends[index];
        if (leading > 0)
        {
            // More than one blank cannot be what the tokenizer added, so they stood in the text.
            leading -= addPrefixSpace && leading == 1 && (index == 0 || start == 0) ? 1 : 0;
            start = Math.Min(start + leading, end);
        }

        if (trailing > 0 && end >= trailing)
        {
            end = Math.Max(end - trailing, start);
        }

        (sequence.Starts[index], sequence.Ends[index]) = (start, end);
    }

    private static bool IsBlank(Rune rune) => rune.Value == BlankLetter || CodePoint.IsWhiteSpace(rune.Value);
}
