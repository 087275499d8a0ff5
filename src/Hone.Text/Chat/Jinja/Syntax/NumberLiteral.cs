using System.Globalization;
using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Numbers as templates write them: <c>1_000</c>, <c>0x1F</c>, <c>1.5e-3</c>.</summary>
internal static class NumberLiteral
{
    /// <summary>Digits of the longest whole number that is read or written in decimal, as in Python.</summary>
    public const int MostDigits = 4300;

    /// <summary>The length of the number at a place; 0 where there is none.</summary>
    public static int LengthAt(string source, int start, out bool isFloat)
    {
        var rest = source.AsSpan(start);
        var digits = DigitsLength(rest, char.IsAsciiDigit);
        isFloat = false;
        if (digits == 0)
        {
            return 0;
        }

        if (start == 0 || source[start - 1] != '.')
        {
            var end = digits + FractionLength(rest[digits..]);
            var exponent = ExponentLength(rest[end..]);
            isFloat = end > digits || exponent > 0;
            if (isFloat)
            {
                return end + exponent;
            }
        }

        return IntegerLength(rest, digits);
    }

    /// <summary>The value of a whole number.</summary>
    public static IntegerValue Integer(string text, int line)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > MostDigits)
        {
            throw new JinjaFault("ValueError", TooLong("conversion", digits.Length), line);
        }

        return IntegerValue.Of(digits is ['0', 'x' or 'X' or 'o' or 'O' or 'b' or 'B', ..]
            ? Parse(digits.AsSpan(2), char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, _ => 2 })
            : BigInteger.Parse(digits, CultureInfo.InvariantCulture));
    }

    /// <summary>The value of a number with a point or an exponent.</summary>
    public static FloatValue Float(string text) =>
        new(double.Parse(text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));

    /// <summary>The number that <paramref name="digits"/> spell to a base of 2 to 36.</summary>
    public static BigInteger Parse(ReadOnlySpan<char> digits, int radix)
    {
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            value = (value * radix) + ValueOf(digit);
        }

        return value;
    }

    /// <summary>What a digit or letter counts; 99 for what is neither.</summary>
    public static int ValueOf(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'z' => digit - 'a' + 10,
        >= 'A' and <= 'Z' => digit - 'A' + 10,
        _ => 99,
    };

    /// <summary>The refusal of a number with too many digits.</summary>
    public static string TooLong(string what, int digits) =>
        $"Exceeds the limit ({MostDigits} digits) for integer string {what}: value has {digits} digits; "
        + "use sys.set_int_max_str_digits() to increase the limit";

    private static int IntegerLength(ReadOnlySpan<char> text, int digits)
    {
        if (text[0] != '0')
        {
            return digits;
        }

        if (text.Length > 2)
        {
            var radix = text[1] switch { 'x' or 'X' => 16, 'o' or 'O' => 8, 'b' or 'B' => 2, _ => 0 };
            var skip = radix > 0 && text[2] == '_' ? 3 : 2;
            if (radix > 0 && DigitsLength(text[skip..], digit => ValueOf(digit) < radix) is var length and > 0)
            {
                return skip + length;
            }
        }

        return DigitsLength(text, digit => digit == '0');
    }

    private static int FractionLength(ReadOnlySpan<char> text) =>
        text is ['.', ..] && DigitsLength(text[1..], char.IsAsciiDigit) is var length and > 0 ? length + 1 : 0;

    private static int ExponentLength(ReadOnlySpan<char> text)
    {
        if (text is not ['e' or 'E', ..])
        {
            return 0;
        }

        var sign = text.Length > 1 && text[1] is '+' or '-' ? 2 : 1;
        return DigitsLength(text[sign..], char.IsAsciiDigit) is var length and > 0 ? sign + length : 0;
    }

    // Digits with single underlines between them.
    private static int DigitsLength(ReadOnlySpan<char> text, Func<char, bool> isDigit)
    {
        var end = 0;
        while (end < text.Length)
        {
            var next = end > 0 && text[end] == '_' ? end + 1 : end;
            if (next >= text.Length || !isDigit(text[next]))
            {
                break;
            }

            end = next + 1;
        }

        return end;
    }
}
