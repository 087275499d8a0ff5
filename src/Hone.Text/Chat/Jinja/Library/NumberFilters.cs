using System.Globalization;
using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that make numbers, or work on them.</summary>
internal static class NumberFilters
{
    private const int MostDecimals = 330;

    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("abs", ["value"], (_, given) => Absolute(given[0]!)),
        new("int", ["value", "default?", "base?"], (run, given) => Integer(given, run)),
        new("float", ["value", "default?"], (run, given) => Real(given[0]!, run) ?? given[1] ?? new FloatValue(0)),
        new("round", ["value", "precision?", "method?"], (run, given) => Round(given, run)),
        new("filesizeformat", ["value", "binary?"], (run, given) =>
            run.Text(FileSize(given[0]!, Filters.IsTrue(given[1]), run))),
    ];

    private static Value Absolute(Value value) => value switch
    {
        FloatValue real => new FloatValue(Math.Abs(real.Number)),
        _ when Numbers.Index(value) is { } whole => IntegerValue.Of(BigInteger.Abs(whole)),
        _ => throw JinjaFault.Type($"bad operand type for abs(): '{value.TypeName}'"),
    };

    private static Value Integer(Value?[] given, Run run)
    {
        var value = given[0]!;
        switch (value)
        {
            case UndefinedValue undefined:
                throw undefined.Fault;
            case TextValue text:
                run.Budget.Work(text.Text.Length);
                var radix = given[2] is null ? 10 : RadixOf(given[2]!);
                if (PythonNumbers.Integer(text.Text, radix) is { } number)
                {
                    return IntegerValue.Of(number);
                }

                break;
            case FloatValue { Number: var real } when double.IsInfinity(real):
                throw new JinjaFault("OverflowError", "cannot convert float infinity to integer");
            case FloatValue { Number: var real } when !double.IsNaN(real):
                return IntegerValue.Of(new BigInteger(real));
            case var _ when Numbers.Index(value) is { } whole:
                return IntegerValue.Of(whole);
        }

        return Real(value, run) is { } found && double.IsFinite(found.Number)
            ? IntegerValue.Of(new BigInteger(found.Number))
            : given[1] ?? IntegerValue.Of(0);
    }

    // What is no base reads no number.
    private static int RadixOf(Value value) => Numbers.Index(value) is not null ? Numbers.Int(value) : int.MaxValue;

    private static FloatValue? Real(Value value, Run run)
    {
        switch (value)
        {
            case UndefinedValue undefined:
                throw undefined.Fault;
            case TextValue text:
                run.Budget.Work(text.Text.Length * 2L);
                return PythonNumbers.Float(text.Text) is { } number ? new FloatValue(number) : null;
            default:
                return Numbers.IsNumber(value) ? new FloatValue(Numbers.Double(value)) : null;
        }
    }

    private static Value Round(Value?[] given, Run run)
    {
        var method = given[2] is null ? "common" : (given[2] as TextValue)?.Text;
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw JinjaFault.FilterArgument("method must be common, ceil or floor");
        }

        var value = given[0]!;
        var precision = given[1] ?? IntegerValue.Of(0);
        if (!Numbers.IsNumber(value))
        {
            throw value is UndefinedValue undefined && method != "common"
                ? undefined.Fault
                : JinjaFault.Type($"type {value.TypeName} doesn't define __round__ method");
        }

        if (method != "common")
        {
            var scale = Arithmetic.Apply("**", IntegerValue.Of(10), precision, run);
            var scaled = Arithmetic.Apply("*", value, scale, run);
            return Arithmetic.Apply("/", Whole(scaled, method == "ceil"), scale, run);
        }

        return precision is NoneValue
            ? IntegerValue.Of(value is FloatValue real ? RoundWhole(real.Number) : Numbers.Index(value)!.Value)
            : RoundTo(value, Numbers.Int(precision));
    }

    private static IntegerValue Whole(Value value, bool isUp) => value is FloatValue { Number: var real }
        ? IntegerValue.Of(WholeOf(isUp ? Math.Ceiling(real) : Math.Floor(real)))
        : IntegerValue.Of(Numbers.Index(value)!.Value);

    private static BigInteger RoundWhole(double number) => WholeOf(Math.Round(number, MidpointRounding.ToEven));

    private static BigInteger WholeOf(double number) => double.IsFinite(number)
        ? new BigInteger(number)
        : throw (double.IsNaN(number)
            ? JinjaFault.Value("cannot convert float NaN to integer")
            : new JinjaFault("OverflowError", "cannot convert float infinity to integer"));

    private static Value RoundTo(Value value, int places)
    {
        if (Numbers.Index(value) is { } whole)
        {
            return IntegerValue.Of(places >= 0 ? whole : RoundTens(whole, -(long)places));
        }

        var number = ((FloatValue)value).Number;
        if (!double.IsFinite(number) || places > MostDecimals)
        {
            return value;
        }

        if (places < -MostDecimals)
        {
            return new FloatValue(Math.CopySign(0, number));
        }

        var rounded = double.Parse(FloatText.Fixed(Math.Abs(number), places), CultureInfo.InvariantCulture);
        return double.IsFinite(rounded)
            ? new FloatValue(Math.CopySign(rounded, number))
            : throw new JinjaFault("OverflowError", "rounded value too large to represent");
    }

    private static BigInteger RoundTens(BigInteger number, long zeros)
    {
        if (zeros > NumberLiteral.MostDigits)
        {
            return BigInteger.Zero;
        }

        var unit = BigInteger.Pow(10, (int)zeros);
        var whole = BigInteger.DivRem(BigInteger.Abs(number), unit, out var rest);
        var half = (rest * 2).CompareTo(unit);
        whole += half > 0 || (half == 0 && !whole.IsEven) ? 1 : 0;
        return number.Sign * whole * unit;
    }

    private static string FileSize(Value value, bool isBinary, Run run)
    {
        var bytes = Real(value, run)?.Number ?? throw (value is TextValue text
            ? JinjaFault.Value($"could not convert string to float: {PythonText.Quote(text.Text)}")
            : JinjaFault.Type($"float() argument must be a string or a real number, not '{value.TypeName}'"));
        var unit = isBinary ? 1024.0 : 1000.0;
        if (bytes == 1)
        {
            return "1 Byte";
        }

        if (bytes < unit)
        {
            return $"{IntegerValue.Spell(WholeOf(Math.Truncate(bytes)))} Bytes";
        }

        var prefix = 0;
        var scale = unit;
        while (bytes >= scale * unit && prefix < 7)
        {
            scale *= unit;
            prefix++;
        }

        return $"{FloatText.Fixed(bytes / scale, 1)} {(isBinary ? $"{"KMGTPEZY"[prefix]}i" : "kMGTPEZY"[prefix])}B";
    }
}
