using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary><c>true</c> and <c>false</c>, which count as 1 and 0.</summary>
internal sealed class BoolValue : Value
{
    private BoolValue(bool isTrue) => IsTrue = isTrue;

    /// <summary><c>true</c>.</summary>
    public static BoolValue True { get; } = new(true);

    /// <summary><c>false</c>.</summary>
    public static BoolValue False { get; } = new(false);

    /// <inheritdoc/>
    public override string TypeName => "bool";

    /// <inheritdoc/>
    public override bool IsTrue { get; }

    /// <summary>The number it counts as.</summary>
    public BigInteger Number => IsTrue ? BigInteger.One : BigInteger.Zero;

    /// <summary>The value of a truth.</summary>
    public static BoolValue Of(bool truth) => truth ? True : False;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append(IsTrue ? "True" : "False");

    /// <inheritdoc/>
    public override Value? Attribute(string name) => NumberMethods.OfInteger(Number, name);
}
