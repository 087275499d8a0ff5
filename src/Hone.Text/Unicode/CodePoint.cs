using System.Globalization;

namespace Hone.Text.Unicode;

/// <summary>What Unicode says of a code point, in the terms of the patterns that tokenizers use.</summary>
internal static class CodePoint
{
    /// <summary>The largest code point.</summary>
    public const int Last = 0x10FFFF;

    /// <summary>The general category.</summary>
    public static UnicodeCategory CategoryOf(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint);

    /// <summary>Category L.</summary>
    public static bool IsLetter(int codePoint) => CategoryOf(codePoint) <= UnicodeCategory.OtherLetter;

    /// <summary>Category N.</summary>
    public static bool IsNumber(int codePoint) =>
        CategoryOf(codePoint) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber;

    /// <summary>Category M.</summary>
    public static bool IsMark(int codePoint) => CategoryOf(codePoint)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Category P.</summary>
    public static bool IsPunctuation(int codePoint) => CategoryOf(codePoint)
        is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
        or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
        or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;

    /// <summary>Category S.</summary>
    public static bool IsSymbol(int codePoint) => CategoryOf(codePoint)
        is UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol
            or UnicodeCategory.OtherSymbol;

    /// <summary>The property White_Space: 25 code points.</summary>
    public static bool IsWhiteSpace(int codePoint) => codePoint switch
    {
        <= ' ' => codePoint == ' ' || codePoint is >= 0x09 and <= 0x0D,
        < 0x1680 => codePoint is 0x85 or 0xA0,
        _ => codePoint is 0x1680 or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000,
    };

    /// <summary>A word character by Unicode Technical Standard 18, annex C: alphabetic, mark, decimal digit, connector,
    /// joiner.</summary>
    public static bool IsStandardWord(int codePoint) => IsWord(codePoint)
        || CategoryOf(codePoint) == UnicodeCategory.LetterNumber
        || codePoint is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    /// <summary>What <c>\w</c> means in Oniguruma: letters, marks, decimal digits, connectors.</summary>
    public static bool IsWord(int codePoint) => CategoryOf(codePoint)
        is <= UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;

    /// <summary>A letter or a number of any kind.</summary>
    public static bool IsAlphanumeric(int codePoint) => IsLetter(codePoint) || IsNumber(codePoint);
}
