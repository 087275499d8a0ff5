namespace Hone.Text.Chat.Jinja;

/// <summary>Values over several lines, as Python's <c>pprint</c>: keys in order, lines of 80 characters.</summary>
internal static class PrettyText
{
    private const int Width = 80;

    /// <summary>The value, laid out.</summary>
    public static string Of(Value value, Run run)
    {
        var sink = new TextSink(run);
        Write(value, indent: 0, allowance: 0, sink);
        return sink.ToString();
    }

    private static void Write(Value value, int indent, int allowance, TextSink sink)
    {
        sink.Run.CheckStack();
        var shown = Shown(value, sink.Run);
        if (shown.Length <= Width - indent - allowance)
        {
            sink.Append(shown);
            return;
        }

        switch (value)
        {
            case DictValue { IsTrue: true } dict:
                sink.Append('{');
                WriteEntries(Sorted(dict, sink.Run), indent + 1, allowance + 1, sink);
                sink.Append('}');
                break;
            case ListValue { IsTrue: true } list:
                sink.Append('[');
                WriteItems(list.Values, indent + 1, allowance + 1, sink);
                sink.Append(']');
                break;
            case TupleValue { IsTrue: true } tuple:
                sink.Append('(');
                var end = tuple.Values.Count == 1 ? ",)" : ")";
                WriteItems(tuple.Values, indent + 1, allowance + end.Length, sink);
                sink.Append(end);
                break;
            default:
                sink.Append(shown);
                break;
        }
    }

    private static void WriteEntries(
        IReadOnlyList<KeyValuePair<Value, Value>> entries, int indent, int allowance, TextSink sink)
    {
        for (var index = 0; index < entries.Count; index++)
        {
            var isLast = index == entries.Count - 1;
            var key = Shown(entries[index].Key, sink.Run);
            sink.Append(key).Append(": ");
            Write(entries[index].Value, indent + key.Length + 2, isLast ? allowance : 1, sink);
            if (!isLast)
            {
                sink.Append(",\n").Append(' ', indent);
            }
        }
    }

    private static void WriteItems(IReadOnlyList<Value> items, int indent, int allowance, TextSink sink)
    {
        for (var index = 0; index < items.Count; index++)
        {
            var isLast = index == items.Count - 1;
            Write(items[index], indent, isLast ? allowance : 1, sink);
            if (!isLast)
            {
                sink.Append(",\n").Append(' ', indent);
            }
        }
    }

    private static string Shown(Value value, Run run)
    {
        var sink = new TextSink(run);
        WriteShown(value, sink);
        return sink.ToString();
    }

    private static void WriteShown(Value value, TextSink sink)
    {
        if (value is not DictValue dict)
        {
            value.WriteRepr(sink);
            return;
        }

        sink.Run.CheckStack();
        sink.Append('{');
        foreach (var (index, (key, item)) in Sorted(dict, sink.Run).Index())
        {
            sink.Append(index > 0 ? ", " : "");
            key.WriteRepr(sink);
            sink.Append(": ");
            WriteShown(item, sink);
        }

        sink.Append('}');
    }

    // Keys of different types stand in the order of their types.
    private static IReadOnlyList<KeyValuePair<Value, Value>> Sorted(DictValue dict, Run run) => Sorting.Sort(
        dict.Entries.ToList(),
        entry => new TupleValue([new TextValue(entry.Key is TextValue ? "str" : Kind(entry.Key)), entry.Key]),
        isReversed: false,
        run);

    private static string Kind(Value key) => Numbers.IsNumber(key) ? "int" : key.TypeName;
}
