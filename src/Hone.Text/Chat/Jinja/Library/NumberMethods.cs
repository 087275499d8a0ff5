using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>The attributes of numbers.</summary>
internal static class NumberMethods
{
    /// <summary>An attribute of a whole number or a truth; null where it has none of this name.</summary>
    public static Value? OfInteger(BigInteger number, string name) => name switch
    {
        "real" or "numerator" => IntegerValue.Of(number),
        "imag" => IntegerValue.Of(0),
        "denominator" => IntegerValue.Of(1),
        "conjugate" => Method(name, () => IntegerValue.Of(number)),
        "bit_length" => Method(name, () => IntegerValue.Of((int)BigInteger.Abs(number).GetBitLength())),
        "bit_count" => Method(name, () => IntegerValue.Of(BitCount(BigInteger.Abs(number)))),
        "as_integer_ratio" => Method(name, () => new TupleValue([IntegerValue.Of(number), IntegerValue.Of(1)])),
        _ => null,
    };

    /// <summary>An attribute of a float; null where it has none of this name.</summary>
    public static Value? OfFloat(FloatValue owner, string name) => name switch
    {
        "real" => owner,
        "imag" => new FloatValue(0),
        "conjugate" => Method(name, () => owner),
        "is_integer" => Method(
            name, () => BoolValue.Of(double.IsFinite(owner.Number) && Math.Floor(owner.Number) == owner.Number)),
        "as_integer_ratio" => Method(name, () => Ratio(owner.Number)),
        _ => null,
    };

    private static FunctionValue Method(string name, Func<Value> body) =>
        new(new Builtin(name, [], (_, _) => body()), "builtin_function_or_method");

    private static int BitCount(BigInteger number) =>
        number.ToByteArray().Sum(part => BitOperations.PopCount(part));

    private static TupleValue Ratio(double number)
    {
        if (!double.IsFinite(number))
        {
            throw double.IsNaN(number)
                ? JinjaFault.Value("cannot convert NaN to integer ratio")
                : new JinjaFault("OverflowError", "cannot convert Infinity to integer ratio");
        }

        var (numerator, shift) = FloatText.Parts(number);
        while (shift < 0 && numerator.IsEven && !numerator.IsZero)
        {
            (numerator, shift) = (numerator >> 1, shift + 1);
        }

        return numerator.IsZero || shift >= 0
            ? new TupleValue([IntegerValue.Of(numerator << Math.Max(shift, 0)), IntegerValue.Of(1)])
            : new TupleValue([IntegerValue.Of(numerator), IntegerValue.Of(BigInteger.One << -shift)]);
    }
}
