namespace Hone.Text.Patterns;

/// <summary>The blanks at the start and at the end of each line: <c>^ +| +$</c>.</summary>
internal sealed class BlankEdgePattern : IPattern
{
    /// <summary>The pattern that this scanner stands for.</summary>
    public const string Text = "^ +| +$";

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start = end + 1)
        {
            end = start == 0 || text[start - 1] == '\n' ? BlankRunPattern.AfterBlanks(text, start) : start;
            if (end > start)
            {
                return true;
            }

            var line = text[start..];
            var length = line.IndexOf((byte)'\n') is >= 0 and var found ? found : line.Length;
            end = start + length;
            start += line[..length].LastIndexOfAnyExcept((byte)' ') + 1;
            if (end > start)
            {
                return true;
            }
        }

        end = start;
        return false;
    }
}
