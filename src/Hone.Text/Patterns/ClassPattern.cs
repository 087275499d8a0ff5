using Hone.Text.Pipeline;

namespace Hone.Text.Patterns;

/// <summary>One character of a kind.</summary>
internal sealed class ClassPattern(Func<int, bool> holds) : IPattern
{
    private readonly bool[] _ascii = Ascii(holds);

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start = end)
        {
            var codePoint = Utf8Text.CodePointAt(text, start, out var length);
            end = start + length;
            if (codePoint < 128 ? _ascii[codePoint] : holds(codePoint))
            {
                return true;
            }
        }

        end = start;
        return false;
    }

    private static bool[] Ascii(Func<int, bool> holds)
    {
        var ascii = new bool[128];
        for (var codePoint = 0; codePoint < ascii.Length; codePoint++)
        {
            ascii[codePoint] = holds(codePoint);
        }

        return ascii;
    }
}
