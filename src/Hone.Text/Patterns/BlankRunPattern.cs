namespace Hone.Text.Patterns;

/// <summary>Two or more blanks in a row: <c>&#32;{2,}</c>.</summary>
internal sealed class BlankRunPattern : IPattern
{
    /// <summary>The pattern that this scanner stands for.</summary>
    public const string Text = " {2,}";

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        var found = text[from..].IndexOf("  "u8);
        start = from + found;
        end = found < 0 ? start : AfterBlanks(text, start);
        return found >= 0;
    }

    /// <summary>End of the run of blanks that starts at <paramref name="index"/>, if one does.</summary>
    public static int AfterBlanks(ReadOnlySpan<byte> text, int index)
    {
        while (index < text.Length && text[index] == ' ')
        {
            index++;
        }

        return index;
    }
}
