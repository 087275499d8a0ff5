namespace Hone.Text.Chat.Jinja;

/// <summary>A dict, which keeps the order of its keys. Templates cannot change it.</summary>
/// <param name="entries">The entries.</param>
internal sealed class DictValue(OrderedDictionary<Value, Value> entries) : Value
{
    private const string Mutators = " clear pop popitem setdefault update ";

    /// <inheritdoc/>
    public override string TypeName => "dict";

    /// <inheritdoc/>
    public override bool IsTrue => entries.Count > 0;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override int? Count => entries.Count;

    /// <summary>The entries, in order.</summary>
    public OrderedDictionary<Value, Value> Entries => entries;

    /// <summary>An empty table for entries.</summary>
    public static OrderedDictionary<Value, Value> NewEntries(Run? run = null) => new(new KeyComparer(run));

    /// <summary>The value of a text key; null where there is none.</summary>
    public Value? Find(TextValue key) => entries.GetValueOrDefault(key);

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Run.CheckStack();
        sink.Append('{');
        var isFirst = true;
        foreach (var (key, value) in entries)
        {
            sink.Append(isFirst ? "" : ", ");
            key.WriteRepr(sink);
            sink.Append(": ");
            value.WriteRepr(sink);
            isFirst = false;
        }

        sink.Append('}');
    }

    /// <inheritdoc/>
    public override bool Hides(string name) =>
        base.Hides(name) || Mutators.Contains($" {name} ", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override Value? Attribute(string name) => DictMethods.Find(this, name);

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run)
    {
        KeyComparer.Charge(key, run);
        return Equality.IsHashable(key) ? entries.GetValueOrDefault(key) : null;
    }

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run) => entries.Keys;

    /// <inheritdoc/>
    public override bool Contains(Value item, Run run)
    {
        KeyComparer.Charge(item, run);
        return entries.ContainsKey(item);
    }
}
