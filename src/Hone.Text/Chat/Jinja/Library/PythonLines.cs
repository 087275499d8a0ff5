namespace Hone.Text.Chat.Jinja;

/// <summary>Lines of a text, as Python's <c>splitlines</c> finds them.</summary>
internal static class PythonLines
{
    /// <summary>The lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepsEnds">Whether each keeps what ends it.</param>
    public static IReadOnlyList<string> Split(string text, bool keepsEnds)
    {
        List<string> lines = [];
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !IsEnd(text[end]))
            {
                end++;
            }

            var next = end == text.Length ? end : end + (text.AsSpan(end).StartsWith("\r\n") ? 2 : 1);
            lines.Add(text[start..(keepsEnds ? next : end)]);
            start = next;
        }

        return lines;
    }

    private static bool IsEnd(char letter) =>
        letter is >= '\n' and <= '\r' or >= '\x1c' and <= '\x1e' or '\x85' or '\u2028' or '\u2029';
}
