namespace Hone.Text.Chat.Jinja;

/// <summary>Breaks a line at blanks, and at hyphens inside of words.</summary>
/// <param name="width">The most characters of a line.</param>
/// <param name="breaksLongWords">Whether a longer word is broken anywhere.</param>
/// <param name="breaksAtHyphens">Whether a word can be broken after a hyphen.</param>
internal sealed class WordWrap(int width, bool breaksLongWords, bool breaksAtHyphens)
{
    /// <summary>The lines of a text without newlines.</summary>
    public IReadOnlyList<string> Wrap(string text)
    {
        List<string> lines = [];
        var position = 0;
        while (position < text.Length)
        {
            if (lines.Count > 0 && PythonText.IsBlank(text[position]))
            {
                position = ChunkEnd(text, position);
                continue;
            }

            var start = position;
            while (position < text.Length && ChunkEnd(text, position, width) is var next && next - start <= width)
            {
                position = next;
            }

            if (position < text.Length && ChunkEnd(text, position, width) - position > width)
            {
                position = BreakLong(text, start, position);
            }

            if (PythonText.TrimEnd(text.AsSpan(start, position - start)) is { IsEmpty: false } kept)
            {
                lines.Add(kept.ToString());
            }
        }

        return lines;
    }

    /// <summary>Where a line ends whose next word is too long for any.</summary>
    private int BreakLong(string text, int lineStart, int wordStart)
    {
        if (!breaksLongWords)
        {
            return wordStart == lineStart ? ChunkEnd(text, wordStart) : wordStart;
        }

        var room = Math.Max(width - (wordStart - lineStart), 1);
        var hyphen = breaksAtHyphens ? text.LastIndexOf('-', wordStart + room - 1, room) : -1;
        return hyphen > wordStart && text.AsSpan(wordStart, hyphen - wordStart).ContainsAnyExcept('-')
            ? hyphen + 1
            : wordStart + room;
    }

    /// <summary>Where the blanks or the word end that begin at a place, or the part of the word that can stand
    /// alone. Beyond <paramref name="limit"/> it does not matter where.</summary>
    private int ChunkEnd(string text, int start, int limit = int.MaxValue)
    {
        var end = start;
        var isBlank = PythonText.IsBlank(text[start]);
        while (end < text.Length && end - start <= limit && PythonText.IsBlank(text[end]) == isBlank)
        {
            end++;
            if (!isBlank && breaksAtHyphens && end < text.Length && BreaksAfter(text, start, end - 1))
            {
                break;
            }
        }

        return end;
    }

    // After a hyphen that has two letters before it and two after it, so that "-v" and "x-" stay whole.
    private static bool BreaksAfter(string text, int start, int index) =>
        text[index] == '-' && index - start >= 2 && index + 2 < text.Length
        && IsLetter(text[index - 1]) && IsLetter(text[index - 2])
        && IsLetter(text[index + 1]) && IsLetter(text[index + 2]);

    private static bool IsLetter(char letter) => CharacterClass.IsLetter(letter);
}
