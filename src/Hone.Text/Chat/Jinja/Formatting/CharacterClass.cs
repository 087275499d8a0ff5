using System.Globalization;

namespace Hone.Text.Chat.Jinja;

/// <summary>The classes of characters that Python's <c>str.is…</c> tell apart.</summary>
internal static class CharacterClass
{
    /// <summary>Ranges of code points that count as lower case without being small letters.</summary>
    private static readonly (int First, int Last)[] OtherLower =
    [
        (0xAA, 0xAA), (0xBA, 0xBA), (0x2B0, 0x2B8), (0x2C0, 0x2C1), (0x2E0, 0x2E4), (0x345, 0x345), (0x37A, 0x37A),
        (0x1D2C, 0x1D6A), (0x1D78, 0x1D78), (0x1D9B, 0x1DBF), (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C),
        (0x2170, 0x217F), (0x24D0, 0x24E9), (0x2C7C, 0x2C7D), (0xA69C, 0xA69D), (0xA770, 0xA770), (0xA7F8, 0xA7F9),
        (0xAB5C, 0xAB5F), (0x10780, 0x10780), (0x10783, 0x10785), (0x10787, 0x107B0), (0x107B2, 0x107BA),
    ];

    /// <summary>Ranges of code points that count as upper case without being capital letters.</summary>
    private static readonly (int First, int Last)[] OtherUpper =
        [(0x2160, 0x216F), (0x24B6, 0x24CF), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)];

    /// <summary>Ideographs that stand for numbers.</summary>
    private static readonly HashSet<int> NumberIdeographs =
    [
        0x3405, 0x3483, 0x382A, 0x3B4D, 0x4E00, 0x4E03, 0x4E07, 0x4E09, 0x4E5D, 0x4E8C, 0x4E94, 0x4E96, 0x4EBF, 0x4EC0,
        0x4EDF, 0x4EE8, 0x4F0D, 0x4F70, 0x5104, 0x5146, 0x5169, 0x516B, 0x516D, 0x5341, 0x5343, 0x5344, 0x5345, 0x534C,
        0x53C1, 0x53C2, 0x53C3, 0x53C4, 0x56DB, 0x58F1, 0x58F9, 0x5E7A, 0x5EFE, 0x5EFF, 0x5F0C, 0x5F0D, 0x5F0E, 0x5F10,
        0x62FE, 0x634C, 0x67D2, 0x6F06, 0x7396, 0x767E, 0x8086, 0x842C, 0x8CAE, 0x8CB3, 0x8D30, 0x9621, 0x9646, 0x964C,
        0x9678, 0x96F6, 0x20001, 0x20064, 0x200E2, 0x20121, 0x2092A, 0x20983, 0x2098C, 0x2099C, 0x20AEA, 0x20AFD,
        0x20B19, 0x22390, 0x22998, 0x23B1B, 0x2626D,
    ];

    /// <summary>Marks between letters that case rules look through.</summary>
    private static readonly HashSet<int> MiddleMarks =
    [
        0x27, 0x2E, 0x3A, 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024, 0x2027, 0xFE13, 0xFE52, 0xFE55, 0xFF07,
        0xFF0E, 0xFF1A,
    ];

    /// <summary>A letter.</summary>
    public static bool IsLetter(int point) => Category(point) <= UnicodeCategory.OtherLetter;

    /// <summary>A decimal digit.</summary>
    public static bool IsDecimal(int point) => Category(point) == UnicodeCategory.DecimalDigitNumber;

    /// <summary>A digit, raised or circled ones too.</summary>
    public static bool IsDigit(int point) => IsDecimal(point)
        || (point > 0x7F && IsAssignedText(point, out var text) && CharUnicodeInfo.GetDigitValue(text, 0) >= 0);

    /// <summary>What has a value as a number.</summary>
    public static bool IsNumeric(int point) => IsDigit(point) || NumberIdeographs.Contains(point)
        || (point > 0x7F && IsAssignedText(point, out var text) && CharUnicodeInfo.GetNumericValue(text, 0) is not -1);

    /// <summary>A letter, or what has a value as a number.</summary>
    public static bool IsAlphanumeric(int point) => point < 0x80
        ? char.IsAsciiLetterOrDigit((char)point)
        : IsLetter(point) || IsNumeric(point);

    /// <summary>A blank.</summary>
    public static bool IsSpace(int point) => point <= char.MaxValue && PythonText.IsBlank((char)point);

    /// <summary>Lower case.</summary>
    public static bool IsLower(int point) =>
        Category(point) == UnicodeCategory.LowercaseLetter || IsAmong(OtherLower, point);

    /// <summary>Upper case.</summary>
    public static bool IsUpper(int point) =>
        Category(point) == UnicodeCategory.UppercaseLetter || IsAmong(OtherUpper, point);

    /// <summary>The case of a title's first letter, where that is one of its own.</summary>
    public static bool IsTitle(int point) => Category(point) == UnicodeCategory.TitlecaseLetter;

    /// <summary>What has a case.</summary>
    public static bool IsCased(int point) => IsLower(point) || IsUpper(point) || IsTitle(point);

    /// <summary>What case rules look through.</summary>
    public static bool IsCaseIgnorable(int point) => MiddleMarks.Contains(point) || Category(point)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    /// <summary>What is shown as it is inside of a list.</summary>
    public static bool IsPrintable(int point) => point == ' ' || Category(point)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static UnicodeCategory Category(int point) => CharUnicodeInfo.GetUnicodeCategory(point);

    private static bool IsAmong((int First, int Last)[] ranges, int point) =>
        point >= 0xAA && Array.Exists(ranges, range => point >= range.First && point <= range.Last);

    private static bool IsAssignedText(int point, out string text)
    {
        var isText = point is < 0xD800 or > 0xDFFF;
        text = isText ? char.ConvertFromUtf32(point) : "";
        return isText;
    }
}
