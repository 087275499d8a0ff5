namespace Hone.Text.Chat.Jinja;

/// <summary>Items that are made as they are taken, and once only: what <c>map</c> and <c>select</c> give.</summary>
internal sealed class StreamValue : Value
{
    private readonly IEnumerator<Value> _items;
    private readonly string _name;

    /// <summary>Items to come.</summary>
    /// <param name="items">The items.</param>
    /// <param name="name">What makes them.</param>
    /// <param name="type">What Python calls the type.</param>
    public StreamValue(IEnumerable<Value> items, string name, string type = "generator")
    {
        _items = items.GetEnumerator();
        (_name, TypeName) = (name, type);
    }

    /// <inheritdoc/>
    public override string TypeName { get; }

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) =>
        sink.Append(TypeName == "generator" ? $"<generator object {_name}>" : $"<{TypeName} object>");

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run)
    {
        // Streams of streams nest as deep as a template likes.
        run.CheckStack();
        while (Next(run) is { } item)
        {
            yield return item;
        }
    }

    private Value? Next(Run run)
    {
        run.CheckStack();
        run.Budget.Work(1);
        return _items.MoveNext() ? _items.Current : null;
    }
}
