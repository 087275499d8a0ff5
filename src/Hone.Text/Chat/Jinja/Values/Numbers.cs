using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Values as numbers, by Python's rules.</summary>
internal static class Numbers
{
    /// <summary>The whole number that a value is; null for what is none.</summary>
    public static BigInteger? Index(Value value) => value switch
    {
        IntegerValue integer => integer.Number,
        BoolValue truth => truth.Number,
        _ => null,
    };

    /// <summary>The whole number that an argument must be.</summary>
    public static BigInteger Whole(Value value) => value is UndefinedValue
        ? throw JinjaFault.Type("'Undefined' object cannot be interpreted as an integer")
        : Index(value) ?? throw JinjaFault.Type($"'{value.TypeName}' object cannot be interpreted as an integer");

    /// <summary>The whole number that an argument must be, held to what fits an index.</summary>
    public static int Int(Value value)
    {
        var whole = Whole(value);
        return whole > int.MaxValue ? int.MaxValue : whole < int.MinValue ? int.MinValue : (int)whole;
    }

    /// <summary>Whether it is an integer, a float or a truth.</summary>
    public static bool IsNumber(Value value) => value is IntegerValue or FloatValue or BoolValue;

    /// <summary>A number as a double.</summary>
    /// <exception cref="JinjaFault">It is too large.</exception>
    public static double Double(Value value)
    {
        if (value is FloatValue real)
        {
            return real.Number;
        }

        var number = Quotient(Index(value)!.Value, BigInteger.One);
        return double.IsFinite(number)
            ? number
            : throw new JinjaFault("OverflowError", "int too large to convert to float");
    }

    /// <summary>Compares two numbers exactly; null where one is no number at all.</summary>
    public static int? Compare(Value left, Value right)
    {
        if (Index(left) is { } a && Index(right) is { } b)
        {
            return a.CompareTo(b);
        }

        if (left is FloatValue x && right is FloatValue y)
        {
            return double.IsNaN(x.Number) || double.IsNaN(y.Number) ? null : x.Number.CompareTo(y.Number);
        }

        return left is FloatValue
            ? -Compare(Index(right)!.Value, ((FloatValue)left).Number)
            : Compare(Index(left)!.Value, ((FloatValue)right).Number);
    }

    /// <summary>The quotient of two whole numbers, rounded once to the nearest double.</summary>
    public static double Quotient(BigInteger left, BigInteger right)
    {
        const long Exact = 1L << 53;
        if (BigInteger.Abs(left) <= Exact && BigInteger.Abs(right) <= Exact)
        {
            return (double)(long)left / (long)right;
        }

        // 62 or 63 bits of the quotient, and one more that tells whether anything is left over.
        var (above, below) = (BigInteger.Abs(left), BigInteger.Abs(right));
        var shift = (int)(62 - above.GetBitLength() + below.GetBitLength());
        above <<= Math.Max(shift, 0);
        below <<= Math.Max(-shift, 0);
        var quotient = BigInteger.DivRem(above, below, out var rest);
        var value = Math.ScaleB((double)(ulong)((quotient << 1) | (rest.IsZero ? 0 : 1)), -shift - 1);
        return left.Sign < 0 == right.Sign < 0 ? value : -value;
    }

    private static int? Compare(BigInteger whole, double real)
    {
        if (!double.IsFinite(real))
        {
            return double.IsNaN(real) ? null : real > 0 ? -1 : 1;
        }

        var floor = Math.Floor(real);
        var order = whole.CompareTo(new BigInteger(floor));
        return order == 0 && real > floor ? -1 : order;
    }
}
