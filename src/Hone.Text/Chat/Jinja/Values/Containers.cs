namespace Hone.Text.Chat.Jinja;

/// <summary>Joining and repeating of texts and lists.</summary>
internal static class Containers
{
    /// <summary><c>left + right</c>.</summary>
    public static Value Add(Value left, Value right, Run run) => (left, right) switch
    {
        (TextValue a, TextValue b) => Join([a, b], run, a.IsMarkup || b.IsMarkup),
        (ListValue a, ListValue b) => new ListValue(Both(a.Values, b.Values, run)),
        (TupleValue a, TupleValue b) => new TupleValue(Both(a.Values, b.Values, run)),
        (BytesValue a, BytesValue b) => new BytesValue([.. a.Bytes, .. b.Bytes]),
        (TextValue or ListValue or TupleValue, not UndefinedValue) => throw JinjaFault.Type(
            $"can only concatenate {left.TypeName} (not \"{right.TypeName}\") to {left.TypeName}"),
        _ => throw Arithmetic.Mismatch("+", left, right),
    };

    /// <summary><c>left * right</c>.</summary>
    public static Value Multiply(Value left, Value right, Run run) => (left, right) switch
    {
        (UndefinedValue undefined, _) => throw undefined.Fault,
        (_, UndefinedValue undefined) => throw undefined.Fault,
        (TextValue or ListValue or TupleValue or BytesValue, _) => Repeat(left, right, run),
        (_, TextValue or ListValue or TupleValue or BytesValue) => Repeat(right, left, run),
        _ => throw Arithmetic.Mismatch("*", left, right),
    };

    /// <summary>Texts one after the other, each with what of it was generated.</summary>
    /// <param name="parts">The texts.</param>
    /// <param name="run">The rendering.</param>
    /// <param name="escapes">Whether what is not HTML is escaped.</param>
    public static TextValue Join(IReadOnlyList<TextValue> parts, Run run, bool escapes = false)
    {
        var sink = new TextSink(run);
        List<Range>? generated = null;
        foreach (var part in parts)
        {
            var text = escapes && !part.IsMarkup ? Markup.Escape(part.Text) : part.Text;
            foreach (var span in part.Generated ?? [])
            {
                (generated ??= []).Add((sink.Length + span.Start.Value)..(sink.Length + span.End.Value));
            }

            sink.Append(text);
        }

        return new TextValue(sink.ToString()) { Generated = generated, IsMarkup = escapes };
    }

    private static List<Value> Both(IReadOnlyList<Value> left, IReadOnlyList<Value> right, Run run)
    {
        run.Budget.MakeItems(left.Count + right.Count);
        run.Budget.Work(left.Count + right.Count);
        return [.. left, .. right];
    }

    private static Value Repeat(Value value, Value times, Run run)
    {
        if (Numbers.Index(times) is not { } whole)
        {
            throw JinjaFault.Type($"can't multiply sequence by non-int of type '{times.TypeName}'");
        }

        var count = whole.Sign < 0 ? 0 : whole;
        run.Budget.Make(count * SizeOf(value) * (value is ListValue or TupleValue ? Budget.ItemUnits : 1));
        var repeats = SizeOf(value) == 0 ? 0 : (int)count;
        return value switch
        {
            TextValue text => run.Text(string.Concat(Enumerable.Repeat(text.Text, repeats)), text),
            ListValue list => new ListValue(Repeated(list.Values, repeats)),
            TupleValue tuple => new TupleValue(Repeated(tuple.Values, repeats)),
            _ => new BytesValue([.. Repeated(((BytesValue)value).Bytes.ToArray(), repeats)]),
        };
    }

    private static List<T> Repeated<T>(IReadOnlyList<T> items, int times) =>
        [.. Enumerable.Repeat(items, times).SelectMany(one => one)];

    private static int SizeOf(Value value) => value is TextValue text ? text.Text.Length : value.Count!.Value;
}
