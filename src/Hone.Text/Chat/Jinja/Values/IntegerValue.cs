using System.Globalization;
using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>A whole number of any size.</summary>
internal sealed class IntegerValue : Value
{
    private const int Cached = 1024;
    private const int ShortBits = 14_000;

    private static readonly IntegerValue[] Small = [.. Enumerable.Range(-1, Cached).Select(n => new IntegerValue(n))];

    private IntegerValue(BigInteger number) => Number = number;

    /// <inheritdoc/>
    public override string TypeName => "int";

    /// <inheritdoc/>
    public override bool IsTrue => !Number.IsZero;

    /// <summary>The number.</summary>
    public BigInteger Number { get; }

    /// <summary>The value of a number.</summary>
    public static IntegerValue Of(BigInteger number) =>
        number >= -1 && number < Cached - 1 ? Small[(int)number + 1] : new IntegerValue(number);

    /// <summary>The value of a number.</summary>
    public static IntegerValue Of(int number) =>
        number is >= -1 and < Cached - 1 ? Small[number + 1] : new IntegerValue(number);

    /// <summary>A number in decimal; refused where it has more digits than Python would write.</summary>
    public static string Spell(BigInteger number)
    {
        if (number.GetBitLength() > ShortBits && BigInteger.Abs(number) >= BigInteger.Pow(10, NumberLiteral.MostDigits))
        {
            throw JinjaFault.Value(
                $"Exceeds the limit ({NumberLiteral.MostDigits} digits) for integer string conversion; "
                + "use sys.set_int_max_str_digits() to increase the limit");
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append(Spell(Number));

    /// <inheritdoc/>
    public override Value? Attribute(string name) => NumberMethods.OfInteger(Number, name);
}
