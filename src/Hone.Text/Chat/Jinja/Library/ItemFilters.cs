namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that take items out of values, or put them together.</summary>
internal static class ItemFilters
{
    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("default", ["value", "default_value?", "boolean?"], Default),
        new("d", ["value", "default_value?", "boolean?"], Default),
        new("first", ["seq"], (run, given) => given[0]!.Items(run).FirstOrDefault() ?? Nothing("first")),
        new("last", ["seq"], (run, given) => Reversed(given[0]!, run).FirstOrDefault() ?? Nothing("last")),
        new("random", ["seq"], Random),
        new("length", ["value"], (_, given) => Count(given[0]!)),
        new("count", ["value"], (_, given) => Count(given[0]!)),
        new("list", ["value"], (run, given) => ListValue.Of(given[0]!.Items(run), run)),
        new("join", ["value", "d?", "attribute?"], Join),
        new("reverse", ["value"], Reverse),
        new("items", ["value"], (run, given) => new StreamValue(Entries(given[0]!), "do_items")),
        new("attr", ["obj", "name"], Attribute),
    ];

    /// <summary>The number of items.</summary>
    public static IntegerValue Count(Value value) => IntegerValue.Of(
        value.Count ?? throw JinjaFault.Type($"object of type '{value.TypeName}' has no len()"));

    private static Value Default(Run run, Value?[] given) =>
        given[0] is UndefinedValue || (Filters.IsTrue(given[2]) && !given[0]!.IsTrue)
            ? given[1] ?? new TextValue("")
            : given[0]!;

    private static UndefinedValue Nothing(string which) => new(() => $"No {which} item, sequence was empty.");

    private static Value Random(Run run, Value?[] given) => Count(given[0]!).Number.IsZero
        ? Nothing("random")
        : given[0]!.Item(IntegerValue.Of(run.Draw((int)Count(given[0]!).Number)), run)
            ?? throw new JinjaFault("KeyError", "0");

    private static IEnumerable<Value> Reversed(Value value, Run run)
    {
        run.Budget.Work(value.Count ?? 0);
        return value is StreamValue or not { IsIterable: true }
            ? throw JinjaFault.Type($"'{value.TypeName}' object is not reversible")
            : value.Items(run).Reverse();
    }

    private static Value Reverse(Run run, Value?[] given)
    {
        var value = given[0]!;
        if (!value.IsIterable)
        {
            throw JinjaFault.FilterArgument("argument must be iterable");
        }

        run.Budget.Work(value.Count ?? 0);
        return value switch
        {
            TextValue text => run.Text(
                string.Concat(PythonText.CodePoints(text.Text).Reverse().Select(PythonText.OfCodePoint)), text),
            StreamValue => new ListValue([.. ListValue.Of(value.Items(run), run).Values.Reverse()]),
            _ => new StreamValue(Reversed(value, run), "reversed", value switch
            {
                ListValue => "list_reverseiterator",
                DictValue => "dict_reversekeyiterator",
                DictViewValue view => $"dict_reverse{view.TypeName[5..].TrimEnd('s')}iterator",
                RangeValue => "range_iterator",
                _ => "reversed",
            }),
        };
    }

    private static TextValue Join(Run run, Value?[] given)
    {
        var items = given[0]!.Items(run);
        if (Filters.Given(given[2]) is { } attribute)
        {
            var path = Lookup.PathOf(attribute, run);
            items = items.Select(item => Lookup.Path(item, path, null, run));
        }

        var separator = given[1] is { } given1 ? TextFilters.TextOf(given1, run) : new TextValue("");
        List<TextValue> parts = [];
        var length = 0L;
        foreach (var item in items)
        {
            run.Budget.Work(1);
            if (parts.Count > 0)
            {
                parts.Add(separator);
            }

            parts.Add(TextFilters.TextOf(item, run));
            length += parts[^1].Text.Length + separator.Text.Length;
            run.Budget.CheckOutput((int)Math.Min(length, int.MaxValue));
        }

        return Containers.Join(
            parts, run, run.Escapes && (separator.IsMarkup || parts.Exists(part => part.IsMarkup)));
    }

    private static IEnumerable<Value> Entries(Value value) => value switch
    {
        UndefinedValue => [],
        DictValue dict => dict.Entries.Select(entry => new TupleValue([entry.Key, entry.Value])),
        _ => Fail(),
    };

    // The fault comes when the first item is asked for.
    private static IEnumerable<Value> Fail() => Enumerable.Repeat(0, 1).Select<int, Value>(
        _ => throw JinjaFault.Type("Can only get item pairs from a mapping."));

    private static Value Attribute(Run run, Value?[] given)
    {
        var (owner, name) = (given[0]!, given[1] as TextValue
            ?? throw JinjaFault.Type("attribute name must be string"));
        return owner.Hides(name.Text)
            ? UndefinedValue.Unsafe(owner, name.Text)
            : owner.Attribute(name.Text) ?? UndefinedValue.Of(owner, name, run);
    }
}
