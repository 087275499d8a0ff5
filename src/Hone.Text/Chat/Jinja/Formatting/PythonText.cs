using System.Globalization;
using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Text as Python sees it: code points, blanks, identifiers, and how a text is shown in a list.</summary>
internal static class PythonText
{
    /// <summary>Whether Python's <c>str.strip</c> takes the character away.</summary>
    public static bool IsBlank(char letter) => letter switch
    {
        <= ' ' => letter == ' ' || letter is >= '\t' and <= '\r' or >= '\x1c',
        < '\u1680' => letter is '\x85' or '\xA0',
        _ => letter is '\u1680' or (>= '\u2000' and <= '\u200A') or '\u2028' or '\u2029' or '\u202F' or '\u205F'
            or '\u3000',
    };

    /// <summary>Whether there is something, and nothing but blanks.</summary>
    public static bool IsBlank(ReadOnlySpan<char> text) => !text.IsEmpty && TrimEnd(text).IsEmpty;

    /// <summary>The text without blanks at its start.</summary>
    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        var start = 0;
        while (start < text.Length && IsBlank(text[start]))
        {
            start++;
        }

        return text[start..];
    }

    /// <summary>The text without blanks at its end.</summary>
    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && IsBlank(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    /// <summary>The number of code points; half a pair counts as one.</summary>
    public static int CountCodePoints(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var index = text.IndexOfAnyInRange('\uD800', '\uDBFF'); index >= 0 && index + 1 < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && char.IsLowSurrogate(text[index + 1]))
            {
                count--;
                index++;
            }
        }

        return count;
    }

    /// <summary>The code point at a place, and how many characters it takes; half a pair stands for itself.</summary>
    public static int CodePointAt(ReadOnlySpan<char> text, int index, out int length)
    {
        var isPair = char.IsHighSurrogate(text[index]) && index + 1 < text.Length
            && char.IsLowSurrogate(text[index + 1]);
        length = isPair ? 2 : 1;
        return isPair ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];
    }

    /// <summary>All code points.</summary>
    public static int[] CodePoints(ReadOnlySpan<char> text)
    {
        var points = new int[CountCodePoints(text)];
        for (int index = 0, count = 0; count < points.Length; count++)
        {
            points[count] = CodePointAt(text, index, out var length);
            index += length;
        }

        return points;
    }

    /// <summary>The text of one code point.</summary>
    public static string OfCodePoint(int codePoint) =>
        codePoint <= char.MaxValue ? ((char)codePoint).ToString() : char.ConvertFromUtf32(codePoint);

    /// <summary>Writes one code point.</summary>
    public static void AppendCodePoint(StringBuilder target, int codePoint)
    {
        if (codePoint <= char.MaxValue)
        {
            target.Append((char)codePoint);
        }
        else
        {
            target.Append(char.ConvertFromUtf32(codePoint));
        }
    }

    /// <summary>Compares by code points, which differs from UTF-16 above the surrogates.</summary>
    public static int Compare(string left, string right)
    {
        var shared = left.AsSpan().CommonPrefixLength(right);
        if (shared == left.Length || shared == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        var (a, b) = (left[shared], right[shared]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    /// <summary>The length of the letter, digit or underline at a place; 0 where there is none.</summary>
    public static int WordLengthAt(string text, int index)
    {
        var point = CodePointAt(text, index, out var length);
        return point == '_' || CharacterClass.IsAlphanumeric(point) || IsIdentifierPart(point) ? length : 0;
    }

    /// <summary>Whether the text can name a variable.</summary>
    public static bool IsIdentifier(string text)
    {
        for (var index = 0; index < text.Length;)
        {
            var point = CodePointAt(text, index, out var length);
            var fits = index == 0
                ? point == '_' || CharUnicodeInfo.GetUnicodeCategory(point)
                    is <= UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
                : IsIdentifierPart(point);
            if (!fits)
            {
                return false;
            }

            index += length;
        }

        return text.Length > 0;
    }

    /// <summary>The text in quotes, as Python shows it inside of a list.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2);
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        result.Append(quote);
        for (var index = 0; index < text.Length;)
        {
            var point = CodePointAt(text, index, out var length);
            if (point == quote || point == '\\')
            {
                result.Append('\\').Append((char)point);
            }
            else if (point is '\n' or '\r' or '\t')
            {
                result.Append(point switch { '\n' => "\\n", '\r' => "\\r", _ => "\\t" });
            }
            else if (CharacterClass.IsPrintable(point))
            {
                AppendCodePoint(result, point);
            }
            else
            {
                result.Append(Escaped(point));
            }

            index += length;
        }

        return result.Append(quote).ToString();
    }

    /// <summary>A code point as a hexadecimal escape.</summary>
    public static string Escaped(int codePoint) => codePoint switch
    {
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{codePoint:x2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{codePoint:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{codePoint:x8}"),
    };

    private static bool IsIdentifierPart(int point) => point == '_' || CharUnicodeInfo.GetUnicodeCategory(point)
        is <= UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
