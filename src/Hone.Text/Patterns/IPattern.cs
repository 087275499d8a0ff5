namespace Hone.Text.Patterns;

/// <summary>Finds places in UTF-8 text.</summary>
internal interface IPattern
{
    /// <summary>The first match at or after the byte <paramref name="from"/>; false when there is none.</summary>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end);
}
