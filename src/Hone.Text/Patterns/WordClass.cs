using System.Globalization;
using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>The four kinds of character that the patterns of byte-level tokenizers tell apart.</summary>
internal enum WordClass : byte
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>Category L.</summary>
    Letter,

    /// <summary>Category N.</summary>
    Number,

    /// <summary>White_Space.</summary>
    Space,
}

/// <summary>Runs of characters of one kind.</summary>
internal static class WordClasses
{
    private static ReadOnlySpan<byte> Ascii =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0,
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
    ];

    // Of the code points below U+10000.
    private static readonly WordClass[] Basic = [.. Enumerable.Range(0, 0x10000).Select(Of)];

    /// <summary>The kind of the character at <paramref name="index"/>, and its number of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordClass At(ReadOnlySpan<byte> text, int index, out int length)
    {
        var first = text[index];
        if (first < 128)
        {
            length = 1;
            return (WordClass)Ascii[first];
        }

        return OfNonAscii(Utf8Text.CodePointAt(text, index, out length));
    }

    /// <summary>End of the run of characters of a kind from <paramref name="index"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int RunEnd(ReadOnlySpan<byte> text, int index, WordClass kind)
    {
        while (true)
        {
            while (index < text.Length && text[index] < 128 && Ascii[text[index]] == (byte)kind)
            {
                index++;
            }

            if (index >= text.Length || text[index] < 128 || At(text, index, out var length) != kind)
            {
                return index;
            }

            index += length;
        }
    }

    private static WordClass OfNonAscii(int codePoint) =>
        (uint)codePoint < (uint)Basic.Length ? Basic[codePoint] : Of(codePoint);

    private static WordClass Of(int codePoint) => CodePoint.CategoryOf(codePoint) switch
    {
        <= UnicodeCategory.OtherLetter => WordClass.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
            WordClass.Number,
        _ => CodePoint.IsWhiteSpace(codePoint) ? WordClass.Space : WordClass.Other,
    };
}
