using System.Globalization;
using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>Where in a word the pattern of GPT-4o takes a character.</summary>
internal enum LetterCase : byte
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>At its start: categories Lu, Lt.</summary>
    Upper,

    /// <summary>At its end: category Ll.</summary>
    Lower,

    /// <summary>Anywhere: categories Lm, Lo, M.</summary>
    Either,
}

/// <summary>The cases of characters.</summary>
internal static class LetterCases
{
    // Of the code points below U+10000.
    private static readonly LetterCase[] Basic = [.. Enumerable.Range(0, 0x10000).Select(Of)];

    /// <summary>The case of the character at <paramref name="index"/>, and its number of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LetterCase At(ReadOnlySpan<byte> text, int index, out int length)
    {
        var codePoint = Utf8Text.CodePointAt(text, index, out length);
        return (uint)codePoint < (uint)Basic.Length ? Basic[codePoint] : Of(codePoint);
    }

    private static LetterCase Of(int codePoint) => CodePoint.CategoryOf(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => LetterCase.Upper,
        UnicodeCategory.LowercaseLetter => LetterCase.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => LetterCase.Either,
        _ => CodePoint.IsMark(codePoint) ? LetterCase.Either : LetterCase.None,
    };
}
