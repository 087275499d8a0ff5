using System.Text;

namespace Hone.Text.Patterns;

/// <summary>A fixed text.</summary>
internal sealed class LiteralPattern(string literal) : IPattern
{
    private readonly byte[] _literal = Encoding.UTF8.GetBytes(literal);

    /// <summary>The text, where it is a single byte.</summary>
    public byte? Letter => _literal is [var letter] ? letter : null;

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        var found = _literal.Length == 0 ? -1 : text[from..].IndexOf(_literal);
        start = from + found;
        end = start + _literal.Length;
        return found >= 0;
    }
}
