namespace Hone.Text.Chat.Jinja;

/// <summary>What <c>loop</c> stands for inside of a loop.</summary>
/// <param name="items">What the loop goes through.</param>
/// <param name="recurse">Goes through other items in the same way; null where the loop cannot be called.</param>
/// <param name="depth">How many loops of its kind are around it.</param>
internal sealed class LoopValue(LoopItems items, Func<Value, int, TextValue>? recurse, int depth) : Value
{
    private IEnumerator<Value> _items = items.Items.GetEnumerator();
    private int _index = -1;
    private int? _count = items.Count;
    private Value? _before;
    private Value? _current;
    private Value? _after;
    private IReadOnlyList<Value>? _changed;

    /// <inheritdoc/>
    public override string TypeName => "LoopContext";

    /// <inheritdoc/>
    public override string Description => "jinja2.runtime.LoopContext object";

    /// <inheritdoc/>
    public override bool IsCallable => true;

    /// <inheritdoc/>
    public override int? Count => Length();

    /// <summary>The next item; null at the end.</summary>
    public Value? Next(Run run)
    {
        run.Budget.Work(1);
        var item = _after ?? Pull();
        _after = null;
        if (item is not null)
        {
            _index++;
            (_before, _current) = (_current, item);
        }

        return item;
    }

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append($"<LoopContext {_index + 1}/{Length()}>");

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name switch
    {
        "index" => IntegerValue.Of(_index + 1),
        "index0" => IntegerValue.Of(_index),
        "first" => BoolValue.Of(_index == 0),
        "last" => BoolValue.Of(Peek() is null),
        "length" => IntegerValue.Of(Length()),
        "revindex" => IntegerValue.Of(Length() - _index),
        "revindex0" => IntegerValue.Of(Length() - _index - 1),
        "depth" => IntegerValue.Of(depth + 1),
        "depth0" => IntegerValue.Of(depth),
        "previtem" => _index == 0 ? new UndefinedValue(() => "there is no previous item") : _before,
        "nextitem" => Peek() ?? new UndefinedValue(() => "there is no next item"),
        "cycle" => new FunctionValue(new Builtin(name, Cycle), "method"),
        "changed" => new FunctionValue(new Builtin(name, Changed), "method"),
        _ => null,
    };

    /// <inheritdoc/>
    public override Value Call(Arguments arguments, Run run) => (recurse, arguments.Positional) switch
    {
        (null, _) => throw JinjaFault.Type(
            "The loop must have the 'recursive' marker to be called recursively."),
        (_, [var value]) => recurse(value, depth + 1),
        _ => throw JinjaFault.Type("__call__() takes 1 positional argument"),
    };

    private Value? Peek() => _after ??= Pull();

    private Value? Pull() => _items.MoveNext() ? _items.Current : null;

    // Where only going through the items tells how many there are, the rest of them is taken and kept.
    private int Length()
    {
        if (_count is { } known)
        {
            return known;
        }

        List<Value> rest = [];
        while (_items.MoveNext())
        {
            rest.Add(_items.Current);
        }

        _items = rest.GetEnumerator();
        _count = rest.Count + _index + 1 + (_after is null ? 0 : 1);
        return _count.Value;
    }

    private Value Cycle(Run run, Arguments arguments) => arguments.Positional.Count > 0
        ? arguments.Positional[_index % arguments.Positional.Count]
        : throw JinjaFault.Type("no items for cycling given");

    private BoolValue Changed(Run run, Arguments arguments)
    {
        var isSame = _changed is not null
            && Equality.AreEqual(new TupleValue(_changed), new TupleValue(arguments.Positional), run);
        _changed = arguments.Positional;
        return BoolValue.Of(!isSame);
    }
}
