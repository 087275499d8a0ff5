using System.Globalization;
using Hone.Text.Unicode;

namespace Hone.Text.Normalizers;

/// <summary>What stands for a character, for <see cref="FilterNormalizer"/>.</summary>
internal static class CharacterFilters
{
    /// <summary>The character goes away.</summary>
    public const int LeftOut = -1;

    /// <summary>Leaves marks of all kinds (category M) out. It does not decompose.</summary>
    public static int WithoutMark(int codePoint) => CodePoint.IsMark(codePoint) ? LeftOut : codePoint;

    /// <summary>Leaves marks without width (category Mn) out. It does not decompose.</summary>
    public static int WithoutAccent(int codePoint) =>
        CodePoint.CategoryOf(codePoint) == UnicodeCategory.NonSpacingMark ? LeftOut : codePoint;

    /// <summary>SentencePiece's rules for machine translation: control characters go away, odd white space becomes a
    /// blank.</summary>
    public static int ForTranslation(int codePoint) => codePoint switch
    {
        (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F => LeftOut,
        0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF
            or 0xFFFD => ' ',
        _ => codePoint,
    };
}
