namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that part items into groups.</summary>
internal static class GroupFilters
{
    private static readonly string[] Names = ["grouper", "list"];

    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("batch", ["value", "linecount", "fill_with?"], (run, given) => new StreamValue(
            Batch(given[0]!, Numbers.Int(given[1]!), Filters.Given(given[2]), run), "do_batch")),
        new("slice", ["value", "slices", "fill_with?"], (run, given) => new StreamValue(
            Slice(given[0]!, Numbers.Int(given[1]!), Filters.Given(given[2]), run), "sync_do_slice")),
        new("groupby", ["value", "attribute", "default?", "case_sensitive?"], GroupBy),
    ];

    private static IEnumerable<Value> Batch(Value value, int size, Value? fill, Run run)
    {
        List<Value> group = [];
        foreach (var item in value.Items(run))
        {
            if (group.Count == size)
            {
                yield return new ListValue(group);
                group = [];
            }

            run.Budget.MakeItems(1);
            group.Add(item);
        }

        if (group.Count > 0)
        {
            var missing = fill is null ? 0 : Math.Max(size - group.Count, 0);
            run.Budget.MakeItems(missing);
            group.AddRange(Enumerable.Repeat(fill!, missing));
            yield return new ListValue(group);
        }
    }

    private static IEnumerable<Value> Slice(Value value, int slices, Value? fill, Run run)
    {
        var items = ListValue.Of(value.Items(run), run).Values;
        if (slices == 0)
        {
            throw new JinjaFault("ZeroDivisionError", "integer division or modulo by zero");
        }

        var (size, longer) = (items.Count / slices, items.Count % slices);
        for (var (slice, start) = (0, 0); slice < slices; slice++)
        {
            run.Budget.Work(1);
            run.Budget.MakeItems(size + 2);
            var length = size + (slice < longer ? 1 : 0);
            List<Value> group = [.. items.Skip(start).Take(length)];
            start += length;
            if (fill is not null && slice >= longer)
            {
                group.Add(fill);
            }

            yield return new ListValue(group);
        }
    }

    private static ListValue GroupBy(Run run, Value?[] given)
    {
        var isCaseSensitive = Filters.IsTrue(given[3]);
        var otherwise = Filters.Given(given[2]);
        var key = OrderFilters.KeyOf(given[1], isCaseSensitive, otherwise, run);
        var shown = OrderFilters.KeyOf(given[1], isCaseSensitive: true, otherwise, run);
        var sorted = Sorting.Sort(ListValue.Of(given[0]!.Items(run), run).Values, key, isReversed: false, run);
        List<Value> groups = [];
        for (var start = 0; start < sorted.Count;)
        {
            var name = key(sorted[start]);
            var end = start + 1;
            while (end < sorted.Count && Equality.AreEqual(name, key(sorted[end]), run))
            {
                end++;
            }

            var members = sorted.Skip(start).Take(end - start).ToList();
            groups.Add(new TupleValue([shown(members[0]), new ListValue(members)]) { Names = Names });
            start = end;
        }

        return new ListValue(groups);
    }
}
