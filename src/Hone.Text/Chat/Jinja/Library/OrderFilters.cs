namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that compare items.</summary>
internal static class OrderFilters
{
    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("sort", ["value", "reverse?", "case_sensitive?", "attribute?"], Sort),
        new("dictsort", ["value", "case_sensitive?", "by?", "reverse?"], DictSort),
        new("unique", ["value", "case_sensitive?", "attribute?"], (run, given) =>
            new StreamValue(
                Unique(given[0]!, KeyOf(given[2], Filters.IsTrue(given[1]), null, run), run), "sync_do_unique")),
        new("min", ["value", "case_sensitive?", "attribute?"], (run, given) => Extreme(given, "<", run)),
        new("max", ["value", "case_sensitive?", "attribute?"], (run, given) => Extreme(given, ">", run)),
        new("sum", ["iterable", "attribute?", "start?"], Sum),
    ];

    /// <summary>Reads what items are compared by.</summary>
    /// <param name="attribute">The path to it; null for the items themselves.</param>
    /// <param name="isCaseSensitive">Whether case counts.</param>
    /// <param name="otherwise">What stands for a missing part.</param>
    /// <param name="run">The rendering.</param>
    public static Func<Value, Value> KeyOf(Value? attribute, bool isCaseSensitive, Value? otherwise, Run run)
    {
        var path = Lookup.PathOf(attribute, run);
        return item =>
        {
            var value = Lookup.Path(item, path, otherwise, run);
            return isCaseSensitive ? value : Filters.IgnoreCase(value, run);
        };
    }

    private static ListValue Sort(Run run, Value?[] given)
    {
        // Several attributes can be named, with commas between them.
        Value?[] attributes = given[3] is TextValue names
            ? [.. run.Text(names.Text).Text.Split(',').Select(name => new TextValue(name))]
            : [given[3]];
        var keys = attributes.Select(name => KeyOf(name, Filters.IsTrue(given[2]), null, run)).ToArray();
        return new ListValue(Sorting.Sort(
            ListValue.Of(given[0]!.Items(run), run).Values,
            item => new ListValue([.. keys.Select(key => key(item))]),
            Filters.IsTrue(given[1]),
            run));
    }

    private static ListValue DictSort(Run run, Value?[] given)
    {
        var by = given[2] is null ? "key" : (given[2] as TextValue)?.Text;
        if (by is not ("key" or "value"))
        {
            throw JinjaFault.FilterArgument("You can only sort by either \"key\" or \"value\"");
        }

        if (given[0] is not DictValue dict)
        {
            throw JinjaFault.Attribute(given[0]!, "items");
        }

        var key = KeyOf(null, Filters.IsTrue(given[1]), null, run);
        var entries = Sorting.Sort(
            dict.Entries.ToList(),
            entry => key(by == "key" ? entry.Key : entry.Value),
            Filters.IsTrue(given[3]),
            run);
        return new ListValue([.. entries.Select(entry => new TupleValue([entry.Key, entry.Value]))]);
    }

    private static IEnumerable<Value> Unique(Value value, Func<Value, Value> key, Run run)
    {
        HashSet<Value> seen = new(new KeyComparer(run));
        foreach (var item in value.Items(run))
        {
            run.Budget.MakeItems(1);
            if (seen.Add(key(item)))
            {
                yield return item;
            }
        }
    }

    private static Value Extreme(Value?[] given, string symbol, Run run)
    {
        var key = KeyOf(given[2], Filters.IsTrue(given[1]), null, run);
        Value? best = null;
        Value? bestKey = null;
        foreach (var item in given[0]!.Items(run))
        {
            run.Budget.Work(1);
            var itemKey = key(item);
            if (bestKey is null || Comparison.Holds(symbol, itemKey, bestKey, run))
            {
                (best, bestKey) = (item, itemKey);
            }
        }

        return best ?? new UndefinedValue(() => "No aggregated item, sequence was empty.");
    }

    private static Value Sum(Run run, Value?[] given)
    {
        var path = Lookup.PathOf(given[1], run);
        var sum = given[2] ?? IntegerValue.Of(0);
        if (sum is TextValue)
        {
            throw JinjaFault.Type("sum() can't sum strings [use ''.join(seq) instead]");
        }

        foreach (var item in given[0]!.Items(run))
        {
            run.Budget.Work(1);
            sum = Arithmetic.Apply("+", sum, Lookup.Path(item, path, null, run), run);
        }

        return sum;
    }
}
