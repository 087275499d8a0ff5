using System.Globalization;
using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Doubles in decimal, by Python's rules: rounded from their exact value, half to even.</summary>
internal static class FloatText
{
    /// <summary>The most digits after the point that are written.</summary>
    public const int MostPlaces = 5000;

    /// <summary>The shortest text that gives the number back, as Python's <c>repr</c>.</summary>
    public static string Shortest(double number)
    {
        if (!double.IsFinite(number))
        {
            return Special(number);
        }

        var (digits, exponent) = ShortestDigits(Math.Abs(number));
        var sign = double.IsNegative(number) ? "-" : "";
        return exponent is < -4 or >= 16
            ? sign + Scientific(digits, exponent)
            : sign + Plain(digits, exponent, keepsPoint: true);
    }

    /// <summary>What stands for a number that is not finite.</summary>
    public static string Special(double number) =>
        double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";

    /// <summary>The number as a whole number times a power of two.</summary>
    public static (BigInteger Mantissa, int Exponent) Parts(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFF;
        (mantissa, exponent) = exponent == 0 ? (mantissa, -1074) : (mantissa | (1L << 52), exponent - 1075);
        return (bits < 0 ? -mantissa : mantissa, exponent);
    }

    /// <summary>A finite number of zero or more with digits after the point; below 0, rounded to tens,
    /// hundreds…</summary>
    public static string Fixed(double number, int places)
    {
        var digits = Scaled(number, places).ToString(CultureInfo.InvariantCulture);
        if (places <= 0)
        {
            return digits == "0" ? digits : digits + new string('0', -places);
        }

        digits = digits.PadLeft(places + 1, '0');
        return $"{digits[..^places]}.{digits[^places..]}";
    }

    /// <summary>A finite number of zero or more with one digit before the point.</summary>
    public static (string Digits, int Exponent) ScientificDigits(double number, int places)
    {
        if (number == 0)
        {
            return (new string('0', places + 1), 0);
        }

        var exponent = ShortestDigits(number).Exponent;
        var digits = Scaled(number, places - exponent).ToString(CultureInfo.InvariantCulture);
        return digits.Length > places + 1 ? (digits[..^1], exponent + 1) : (digits, exponent);
    }

    /// <summary>Digits with a point after the first one, and an exponent of two digits or more.</summary>
    public static string Scientific(string digits, int exponent, char letter = 'e', bool keepsPoint = false)
    {
        var fraction = digits.Length > 1 || keepsPoint ? $".{digits[1..]}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{digits[0]}{fraction}{letter}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>Digits without an exponent.</summary>
    public static string Plain(string digits, int exponent, bool keepsPoint)
    {
        if (exponent < 0)
        {
            return $"0.{new string('0', -exponent - 1)}{digits}";
        }

        if (digits.Length > exponent + 1)
        {
            return $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
        }

        return digits.PadRight(exponent + 1, '0') + (keepsPoint ? ".0" : "");
    }

    /// <summary>The shortest digits of a finite number of zero or more, and the power of ten of the first.</summary>
    public static (string Digits, int Exponent) ShortestDigits(double number)
    {
        if (number == 0)
        {
            return ("0", 0);
        }

        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E') is >= 0 and var found ? found : text.Length;
        var power = mark == text.Length
            ? 0
            : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = text[..mark];
        var point = mantissa.IndexOf('.') is >= 0 and var place ? place : mantissa.Length;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), power + point - 1 - zeros);
    }

    /// <summary>The number times a power of ten, rounded to a whole number.</summary>
    private static BigInteger Scaled(double number, int places)
    {
        if (Math.Abs(places) > MostPlaces)
        {
            throw JinjaFault.Limit($"a number must be written with at most {MostPlaces} digits after the point");
        }

        var (mantissa, exponent) = Parts(number);
        var above = mantissa * BigInteger.Pow(10, Math.Max(places, 0)) << Math.Max(exponent, 0);
        var below = BigInteger.Pow(10, Math.Max(-places, 0)) << Math.Max(-exponent, 0);
        var whole = BigInteger.DivRem(above, below, out var rest);
        var half = (rest << 1).CompareTo(below);
        return half > 0 || (half == 0 && !whole.IsEven) ? whole + 1 : whole;
    }
}
