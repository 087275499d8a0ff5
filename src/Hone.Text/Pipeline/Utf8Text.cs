using System.Runtime.CompilerServices;

namespace Hone.Text.Pipeline;

/// <summary>Steps through UTF-8 that is known to be well formed.</summary>
internal static class Utf8Text
{
    /// <summary>Number of bytes of the character that starts at <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthAt(ReadOnlySpan<byte> text, int index) => text[index] switch
    {
        < 0x80 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

    /// <summary>The character that starts at <paramref name="index"/>, and its number of bytes.</summary>
    public static int CodePointAt(ReadOnlySpan<byte> text, int index, out int length)
    {
        var first = text[index];
        if (first < 0x80)
        {
            length = 1;
            return first;
        }

        if (first < 0xE0)
        {
            length = 2;
            return ((first & 0x1F) << 6) | (text[index + 1] & 0x3F);
        }

        if (first < 0xF0)
        {
            length = 3;
            return ((first & 0x0F) << 12) | ((text[index + 1] & 0x3F) << 6) | (text[index + 2] & 0x3F);
        }

        length = 4;
        return ((first & 0x07) << 18) | ((text[index + 1] & 0x3F) << 12) | ((text[index + 2] & 0x3F) << 6) | (
            text[index + 3] & 0x3F);
    }

    /// <summary>Start of the character that ends before <paramref name="index"/>.</summary>
    public static int Before(ReadOnlySpan<byte> text, int index)
    {
        index--;
        while (index > 0 && (text[index] & 0xC0) == 0x80)
        {
            index--;
        }

        return index;
    }
}
