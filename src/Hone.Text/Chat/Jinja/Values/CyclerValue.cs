namespace Hone.Text.Chat.Jinja;

/// <summary>Gives values by turns.</summary>
/// <param name="items">The values, at least one.</param>
internal sealed class CyclerValue(IReadOnlyList<Value> items) : Value
{
    private int _place;

    /// <inheritdoc/>
    public override string TypeName => "Cycler";

    /// <inheritdoc/>
    public override string Description => "jinja2.utils.Cycler object";

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append("<jinja2.utils.Cycler object>");

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name switch
    {
        "current" => items[_place],
        "items" => new TupleValue(items),
        "pos" => IntegerValue.Of(_place),
        "next" => new FunctionValue(
            new Builtin(name, [], (_, _) =>
            {
                var value = items[_place];
                _place = (_place + 1) % items.Count;
                return value;
            }), "method"),
        "reset" => new FunctionValue(
            new Builtin(name, [], (_, _) =>
            {
                _place = 0;
                return NoneValue.None;
            }), "method"),
        _ => null,
    };
}
