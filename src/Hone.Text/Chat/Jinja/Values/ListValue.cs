namespace Hone.Text.Chat.Jinja;

/// <summary>A list. Templates cannot change it.</summary>
/// <param name="items">The items.</param>
internal sealed class ListValue(IReadOnlyList<Value> items) : Value
{
    private const string Mutators = " append clear pop reverse insert sort extend remove ";

    /// <inheritdoc/>
    public override string TypeName => "list";

    /// <inheritdoc/>
    public override bool IsTrue => items.Count > 0;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override int? Count => items.Count;

    /// <summary>The items.</summary>
    public IReadOnlyList<Value> Values => items;

    /// <summary>A list of what <paramref name="items"/> gives.</summary>
    public static ListValue Of(IEnumerable<Value> items, Run run)
    {
        List<Value> list = [];
        foreach (var item in items)
        {
            run.Budget.MakeItems(1);
            run.Budget.Work(1);
            list.Add(item);
        }

        return new ListValue(list);
    }

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Append('[');
        sink.AppendList(items);
        sink.Append(']');
    }

    /// <inheritdoc/>
    public override bool Hides(string name) =>
        base.Hides(name) || Mutators.Contains($" {name} ", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name == "copy"
        ? new FunctionValue(
            new Builtin("copy", [], (run, _) => Of(items, run)), "builtin_function_or_method")
        : Sequence.Attribute(items, name, "list");

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run) => Sequence.Item(items, key, run, part => new ListValue(part));

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run) => items;
}
