namespace Hone.Text.Chat.Jinja;

/// <summary>A number in double precision.</summary>
/// <param name="number">The number.</param>
internal sealed class FloatValue(double number) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "float";

    /// <inheritdoc/>
    public override bool IsTrue => number != 0;

    /// <summary>The number.</summary>
    public double Number => number;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append(FloatText.Shortest(number));

    /// <inheritdoc/>
    public override Value? Attribute(string name) => NumberMethods.OfFloat(this, name);
}
