using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Arithmetic by Python's rules: whole numbers have no limit but the budget's, <c>/</c> gives a float,
/// <c>//</c> and <c>%</c> round down.</summary>
internal static class Arithmetic
{
    private const long MostBits = 1 << 20;

    /// <summary><c>left operator right</c>.</summary>
    /// <exception cref="JinjaFault">The operator does not fit the two.</exception>
    public static Value Apply(string symbol, Value left, Value right, Run run)
    {
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
        {
            return Numbers.Index(left) is { } a && Numbers.Index(right) is { } b
                ? Whole(symbol, a, b, run)
                : Real(symbol, Numbers.Double(left), Numbers.Double(right));
        }

        return symbol switch
        {
            "+" => Containers.Add(left, right, run),
            "*" => Containers.Multiply(left, right, run),
            "%" when left is TextValue format => PercentFormat.Apply(format, right, run),
            _ => throw Mismatch(symbol, left, right),
        };
    }

    /// <summary><c>-operand</c> or <c>+operand</c>.</summary>
    public static Value Sign(string symbol, Value operand)
    {
        var isMinus = symbol == "-";
        return operand switch
        {
            FloatValue real => isMinus ? new FloatValue(-real.Number) : real,
            UndefinedValue undefined => throw undefined.Fault,
            _ when Numbers.Index(operand) is { } whole => IntegerValue.Of(isMinus ? -whole : whole),
            _ => throw JinjaFault.Type($"bad operand type for unary {symbol}: '{operand.TypeName}'"),
        };
    }

    /// <summary>The fault of two values that an operator does not fit.</summary>
    public static JinjaFault Mismatch(string symbol, Value left, Value right) => (left, right) switch
    {
        (UndefinedValue undefined, _) => undefined.Fault,
        (_, UndefinedValue undefined) => undefined.Fault,
        _ => JinjaFault.Type(
            $"unsupported operand type(s) for {(symbol == "**" ? "** or pow()" : symbol)}: "
            + $"'{left.TypeName}' and '{right.TypeName}'"),
    };

    private static Value Whole(string symbol, BigInteger left, BigInteger right, Run run)
    {
        if (symbol is "/" or "//" or "%" && right.IsZero)
        {
            throw new JinjaFault("ZeroDivisionError", symbol switch
            {
                "/" => "division by zero",
                "//" => "integer division or modulo by zero",
                _ => "integer modulo by zero",
            });
        }

        Charge(left, right, run);
        return symbol switch
        {
            "+" => IntegerValue.Of(left + right),
            "-" => IntegerValue.Of(left - right),
            "*" => IntegerValue.Of(Bounded(left.GetBitLength() + right.GetBitLength(), run) * left * right),
            "//" => IntegerValue.Of(Floor(left, right)),
            "%" => IntegerValue.Of(left - (Floor(left, right) * right)),
            "/" => new FloatValue(Quotient(left, right)),
            _ => Power(left, right, run),
        };
    }

    private static FloatValue Real(string symbol, double left, double right)
    {
        if (symbol is "/" or "//" or "%" && right == 0)
        {
            throw new JinjaFault("ZeroDivisionError", symbol switch
            {
                "/" => "float division by zero",
                "//" => "float floor division by zero",
                _ => "float modulo",
            });
        }

        return new FloatValue(symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => FloorQuotient(left, right),
            "%" => Modulo(left, right),
            _ => Power(left, right),
        });
    }

    private static BigInteger Floor(BigInteger left, BigInteger right)
    {
        var quotient = BigInteger.DivRem(left, right, out var rest);
        return !rest.IsZero && rest.Sign < 0 != right.Sign < 0 ? quotient - 1 : quotient;
    }

    private static double Modulo(double left, double right)
    {
        var rest = left % right;
        return rest != 0 ? (rest < 0 != right < 0 ? rest + right : rest) : Math.CopySign(0, right);
    }

    private static double FloorQuotient(double left, double right)
    {
        var rest = left % right;
        var quotient = (left - rest) / right;
        if (rest != 0 && rest < 0 != right < 0)
        {
            quotient -= 1;
        }

        if (quotient == 0)
        {
            return Math.CopySign(0, left / right);
        }

        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double Quotient(BigInteger left, BigInteger right)
    {
        var value = Numbers.Quotient(left, right);
        return double.IsFinite(value)
            ? value
            : throw new JinjaFault("OverflowError", "integer division result too large for a float");
    }

    private static Value Power(BigInteger left, BigInteger right, Run run)
    {
        if (right.Sign < 0)
        {
            return new FloatValue(left.IsZero
                ? throw new JinjaFault("ZeroDivisionError", "0.0 cannot be raised to a negative power")
                : Power(Numbers.Double(IntegerValue.Of(left)), Numbers.Double(IntegerValue.Of(right))));
        }

        if (BigInteger.Abs(left) <= 1 || right.IsZero)
        {
            return IntegerValue.Of(
                right.IsZero ? BigInteger.One : left.Sign < 0 && right.IsEven ? BigInteger.One : left);
        }

        var bits = right > MostBits ? MostBits + 1 : (long)left.GetBitLength() * (long)right;
        return IntegerValue.Of(Bounded(bits, run) * BigInteger.Pow(left, (int)right));
    }

    private static double Power(double left, double right)
    {
        if (left == 0 && right < 0)
        {
            throw new JinjaFault("ZeroDivisionError", "0.0 cannot be raised to a negative power");
        }

        var power = Math.Pow(left, right);
        return double.IsFinite(left) && double.IsFinite(right) && !double.IsFinite(power)
            ? throw (double.IsNaN(power)
                ? JinjaFault.Value("the result is a complex number, which templates do not have")
                : new JinjaFault("OverflowError", "(34, 'Numerical result out of range')"))
            : power;
    }

    /// <summary>One, where a number of so many bits may be made.</summary>
    private static BigInteger Bounded(long bits, Run run)
    {
        if (bits > MostBits)
        {
            throw JinjaFault.Limit($"a number must have at most {MostBits} bits, this one has more");
        }

        run.Budget.Work(bits / 64 * (bits / 64) / 16);
        return BigInteger.One;
    }

    private static void Charge(BigInteger left, BigInteger right, Run run)
    {
        var bits = left.GetBitLength() + right.GetBitLength();
        if (bits > 1024)
        {
            run.Budget.Make(bits / 16);
            run.Budget.Work(bits / 64);
        }
    }
}
