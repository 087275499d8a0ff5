namespace Hone.Text.Chat.Jinja;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a dict give.</summary>
/// <param name="owner">The dict.</param>
/// <param name="part">Which of the three.</param>
internal sealed class DictViewValue(DictValue owner, string part) : Value
{
    /// <inheritdoc/>
    public override string TypeName => $"dict_{part}";

    /// <inheritdoc/>
    public override bool IsTrue => owner.IsTrue;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override int? Count => owner.Count;

    /// <summary>Whether it can be compared as a set.</summary>
    public bool IsSet => part != "values";

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Append($"{TypeName}([");
        sink.AppendList(Items(sink.Run));
        sink.Append("])");
    }

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name == "mapping" ? owner : null;

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run) => part switch
    {
        "keys" => owner.Entries.Keys,
        "values" => owner.Entries.Values,
        _ => owner.Entries.Select(entry => new TupleValue([entry.Key, entry.Value])),
    };

    /// <inheritdoc/>
    public override bool Contains(Value item, Run run) =>
        part == "keys" ? owner.Contains(item, run) : base.Contains(item, run);
}
