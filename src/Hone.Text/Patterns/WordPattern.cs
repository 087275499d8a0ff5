using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary><c>\w+|[^\w\s]+</c>: runs of word characters, and runs of what is neither that nor white space.</summary>
/// <remarks>A word character is one by the Unicode standard here, not by Oniguruma: joiners count.</remarks>
internal sealed class WordPattern : IPattern
{
    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        start = from;
        while (start < text.Length && CodePoint.IsWhiteSpace(Utf8Text.CodePointAt(text, start, out var blank)))
        {
            start += blank;
        }

        end = start;
        var isWord = false;
        while (end < text.Length)
        {
            var codePoint = Utf8Text.CodePointAt(text, end, out var length);
            var continues = CodePoint.IsStandardWord(codePoint);
            if (CodePoint.IsWhiteSpace(codePoint) || (end > start && continues != isWord))
            {
                break;
            }

            isWord = continues;
            end += length;
        }

        return end > start;
    }
}
