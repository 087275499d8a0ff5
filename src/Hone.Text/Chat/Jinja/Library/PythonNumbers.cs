using System.Globalization;
using System.Numerics;
using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Numbers out of texts, as Python's <c>int</c> and <c>float</c> read them.</summary>
internal static class PythonNumbers
{
    /// <summary>The whole number that a text spells; null where it spells none.</summary>
    /// <param name="text">The text; blanks around it do not count.</param>
    /// <param name="radix">2 to 36, or 0 to be told by <c>0x</c>, <c>0o</c>, <c>0b</c>.</param>
    public static BigInteger? Integer(string text, int radix)
    {
        var digits = Plain(text);
        var isNegative = digits is ['-', ..];
        digits = digits is ['-' or '+', ..] ? digits[1..] : digits;
        var told = digits is ['0', var letter, ..]
            ? letter switch { 'x' or 'X' => 16, 'o' or 'O' => 8, 'b' or 'B' => 2, _ => 0 }
            : 0;
        var hasPrefix = told > 0 && (radix == 0 || radix == told);
        if (hasPrefix)
        {
            digits = digits is [_, _, '_', ..] ? digits[3..] : digits[2..];
        }
        else if (radix == 0 && digits.Length > 1 && digits[0] == '0' && digits.Any(digit => digit is not ('0' or '_')))
        {
            return null;
        }

        radix = hasPrefix ? told : radix == 0 ? 10 : radix;
        if (radix is < 2 or > 36 || !AreDigits(digits, radix))
        {
            return null;
        }

        digits = digits.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > NumberLiteral.MostDigits)
        {
            return null;
        }

        var number = NumberLiteral.Parse(digits, radix);
        return isNegative ? -number : number;
    }

    /// <summary>The number that a text spells; null where it spells none.</summary>
    public static double? Float(string text)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var plain = Plain(text).ToLowerInvariant();
        var bare = plain is ['-' or '+', ..] ? plain[1..] : plain;
        var sign = plain is ['-', ..] ? -1.0 : 1.0;
        if (bare is "inf" or "infinity" or "nan")
        {
            return sign * (bare == "nan" ? double.NaN : double.PositiveInfinity);
        }

        var isPlain = HasSoundUnderlines(bare)
            && bare.All(letter => char.IsAsciiDigit(letter) || letter is '.' or 'e' or '+' or '-' or '_');
        bare = bare.Replace("_", "", StringComparison.Ordinal);
        return isPlain && double.TryParse(bare, Style, CultureInfo.InvariantCulture, out var number)
            ? sign * number
            : null;
    }

    /// <summary>The text without blanks around it, its digits as ASCII.</summary>
    private static string Plain(string text)
    {
        var bare = PythonText.TrimEnd(PythonText.TrimStart(text));
        if (Ascii.IsValid(bare))
        {
            return bare.ToString();
        }

        return string.Concat(PythonText.CodePoints(bare).Select(point => CharacterClass.IsDecimal(point)
            ? PythonText.OfCodePoint('0' + CharUnicodeInfo.GetDecimalDigitValue(char.ConvertFromUtf32(point), 0))
            : PythonText.OfCodePoint(point)));
    }

    private static bool AreDigits(string text, int radix) =>
        text.Length > 0 && text[0] != '_' && text[^1] != '_' && !text.Contains("__", StringComparison.Ordinal)
        && text.All(digit => digit == '_' || NumberLiteral.ValueOf(digit) < radix);

    private static bool HasSoundUnderlines(string text)
    {
        for (var index = text.IndexOf('_'); index >= 0; index = text.IndexOf('_', index + 1))
        {
            if (index == 0 || index == text.Length - 1
                || !char.IsAsciiDigit(text[index - 1]) || !char.IsAsciiDigit(text[index + 1]))
            {
                return false;
            }
        }

        return true;
    }
}
