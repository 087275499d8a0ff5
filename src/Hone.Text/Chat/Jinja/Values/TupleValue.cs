namespace Hone.Text.Chat.Jinja;

/// <summary>A tuple.</summary>
/// <param name="items">The items.</param>
internal sealed class TupleValue(IReadOnlyList<Value> items) : Value
{
    /// <inheritdoc/>
    public override string TypeName => Names is null ? "tuple" : "_GroupTuple";

    /// <inheritdoc/>
    public override bool IsTrue => items.Count > 0;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override int? Count => items.Count;

    /// <summary>The items.</summary>
    public IReadOnlyList<Value> Values => items;

    /// <summary>Attributes that give the items, in order; null for none.</summary>
    public string[]? Names { get; init; }

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Append('(');
        sink.AppendList(items);
        sink.Append(items.Count == 1 ? ",)" : ")");
    }

    /// <inheritdoc/>
    public override Value? Attribute(string name) =>
        Names is not null && Array.IndexOf(Names, name) is >= 0 and var index
        ? items[index]
        : Sequence.Attribute(items, name, "tuple");

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run) => Sequence.Item(items, key, run, part => new TupleValue(part));

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run) => items;
}
