using System.Globalization;
using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Lays values out by a <see cref="FormatSpec"/>, as Python's <c>format</c>.</summary>
internal static class ValueFormat
{
    /// <summary>The value, laid out.</summary>
    /// <exception cref="JinjaFault">The specification does not fit its type.</exception>
    public static string Apply(Value value, string specification, Run run)
    {
        if (specification.Length == 0)
        {
            return value.AsText(run);
        }

        var spec = FormatSpec.Parse(specification);
        return value switch
        {
            TextValue text => Text(text.Text, spec, run),
            FloatValue real => Real(real.Number, spec, run),
            _ when Numbers.Index(value) is { } whole => Whole(whole, spec, run),
            _ => throw JinjaFault.Type($"unsupported format string passed to {value.TypeName}.__format__"),
        };
    }

    /// <summary>A whole number in a base of 2, 8, 10 or 16, of zero or more.</summary>
    public static string Digits(BigInteger number, char type)
    {
        if (type is not ('b' or 'o' or 'x' or 'X'))
        {
            return IntegerValue.Spell(number);
        }

        if (number.IsZero)
        {
            return "0";
        }

        var bits = type switch { 'b' => 1, 'o' => 3, _ => 4 };
        var symbols = type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
        var bytes = number.ToByteArray(isUnsigned: true);
        var digits = new char[(int)((number.GetBitLength() + bits - 1) / bits)];
        for (var place = 0; place < digits.Length; place++)
        {
            var first = place * bits;
            var pair = bytes[first / 8] | (first / 8 + 1 < bytes.Length ? bytes[(first / 8) + 1] << 8 : 0);
            digits[^(place + 1)] = symbols[(pair >> (first % 8)) & ((1 << bits) - 1)];
        }

        return new string(digits);
    }

    /// <summary>A finite number of zero or more, by the types <c>e f g</c> and their capitals.</summary>
    /// <param name="number">The number.</param>
    /// <param name="type">The type.</param>
    /// <param name="precision">Digits after the point, of <c>g</c> all digits.</param>
    /// <param name="isAlternate">Whether the point and zeros at the end stay.</param>
    public static string RealDigits(double number, char type, int precision, bool isAlternate)
    {
        var letter = char.IsUpper(type) ? 'E' : 'e';
        switch (char.ToLowerInvariant(type))
        {
            case 'f':
                return FloatText.Fixed(number, precision) + (isAlternate && precision == 0 ? "." : "");
            case 'e':
                var (places, power) = FloatText.ScientificDigits(number, precision);
                return FloatText.Scientific(places, power, letter, isAlternate);
            default:
                precision = Math.Max(precision, 1);
                var (digits, exponent) = FloatText.ScientificDigits(number, precision - 1);
                if (!isAlternate)
                {
                    digits = digits.TrimEnd('0') is { Length: > 0 } kept ? kept : "0";
                }

                return exponent < -4 || exponent >= precision
                    ? FloatText.Scientific(digits, exponent, letter, isAlternate)
                    : FloatText.Plain(digits, exponent, keepsPoint: false);
        }
    }

    private static string Text(string text, FormatSpec spec, Run run)
    {
        if (spec.Type is not (null or 's'))
        {
            throw UnknownType(spec, "str");
        }

        if (spec.Align == '=')
        {
            throw JinjaFault.Value("'=' alignment not allowed in string format specifier");
        }

        if (spec.Precision is { } most && most < PythonText.CountCodePoints(text))
        {
            text = string.Concat(PythonText.CodePoints(text).Take(most).Select(PythonText.OfCodePoint));
        }

        return spec.Pad(text, '<', run);
    }

    private static string Whole(BigInteger number, FormatSpec spec, Run run)
    {
        switch (spec.Type)
        {
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%':
                return Real(Numbers.Double(IntegerValue.Of(number)), spec, run);
            case 'c':
                return spec.Pad(PythonText.OfCodePoint(CodePoint(number)), '<', run);
            case not (null or 'd' or 'n' or 'b' or 'o' or 'x' or 'X'):
                throw UnknownType(spec, "int");
        }

        if (spec.Precision is not null)
        {
            throw JinjaFault.Value("Precision not allowed in integer format specifier");
        }

        var type = spec.Type ?? 'd';
        var prefix = SignOf(number.Sign < 0, spec)
            + (spec.IsAlternate && type is 'b' or 'o' or 'x' or 'X' ? $"0{type}" : "");
        return Laid(Digits(BigInteger.Abs(number), type), prefix, spec, type is 'd' or 'n' ? 3 : 4, run);
    }

    private static string Real(double number, FormatSpec spec, Run run)
    {
        var type = spec.Type ?? (spec.Precision is null ? 'r' : 'g');
        if (type is not ('e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%' or 'r'))
        {
            throw UnknownType(spec, "float");
        }

        run.Budget.Work((spec.Precision ?? 0) * 4L);
        var prefix = SignOf(double.IsNegative(number) && !double.IsNaN(number), spec);
        var size = Math.Abs(type == '%' ? number * 100 : number);
        if (!double.IsFinite(size))
        {
            var word = double.IsNaN(size) ? "nan" : "inf";
            word = char.IsUpper(type) ? word.ToUpperInvariant() : word;
            return spec.Pad(prefix + word + (type == '%' ? "%" : ""), '>', run, prefix.Length);
        }

        var digits = type switch
        {
            'r' => FloatText.Shortest(size),
            '%' => RealDigits(size, 'f', spec.Precision ?? 6, spec.IsAlternate),
            'n' => RealDigits(size, 'g', spec.Precision ?? 6, spec.IsAlternate),
            _ => RealDigits(size, type, spec.Precision ?? 6, spec.IsAlternate),
        };
        if (spec.Type is null && spec.Precision is not null && !digits.Contains('.') && !digits.Contains('e'))
        {
            digits += ".0";
        }

        return Laid(digits, prefix, spec, 3, run, type == '%' ? "%" : "");
    }

    private static string Laid(string digits, string prefix, FormatSpec spec, int group, Run run, string suffix = "")
    {
        if (spec.Grouping is { } mark)
        {
            var end = digits.AsSpan().IndexOfAny('.', 'e') is >= 0 and var found ? found : digits.Length;
            var whole = digits[..end];
            if (spec is { Fill: '0', Align: '=' })
            {
                var room = spec.Width - prefix.Length - suffix.Length - (digits.Length - end);
                run.Budget.Make(Math.Max(room, 0));
                while (Grouped(whole, mark, group).Length < room)
                {
                    whole = "0" + whole;
                }
            }

            digits = Grouped(whole, mark, group) + digits[end..];
        }

        return spec.Pad(prefix + digits + suffix, '>', run, prefix.Length);
    }

    private static string Grouped(string digits, char mark, int size)
    {
        var result = new System.Text.StringBuilder(digits);
        for (var place = digits.Length - size; place > 0; place -= size)
        {
            result.Insert(place, mark);
        }

        return result.ToString();
    }

    private static string SignOf(bool isNegative, FormatSpec spec) =>
        isNegative ? "-" : spec.Sign == '-' ? "" : spec.Sign.ToString();

    private static int CodePoint(BigInteger number) => number.Sign >= 0 && number <= 0x10FFFF
        ? (int)number
        : throw new JinjaFault("OverflowError", "%c arg not in range(0x110000)");

    private static JinjaFault UnknownType(FormatSpec spec, string type) => JinjaFault.Value(string.Create(
        CultureInfo.InvariantCulture, $"Unknown format code '{spec.Type}' for object of type '{type}'"));
}
