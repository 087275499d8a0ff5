namespace Hone.Text.Chat.Jinja;

/// <summary>The methods of dicts that change nothing.</summary>
internal static class DictMethods
{
    private static readonly Dictionary<string, Builtin> Methods = new Builtin[]
    {
        new("get", ["self", "key", "default?"], (run, given) =>
            Lookup(given).Item(Hashable(given[1]!), run) ?? given[2] ?? NoneValue.None),
        new("keys", ["self"], (_, given) => new DictViewValue(Lookup(given), "keys")),
        new("values", ["self"], (_, given) => new DictViewValue(Lookup(given), "values")),
        new("items", ["self"], (_, given) => new DictViewValue(Lookup(given), "items")),
        new("copy", ["self"], (run, given) => Copy(Lookup(given), run)),
        new("fromkeys", ["self", "keys", "value?"], (run, given) => FromKeys(given[1]!, given[2], run)),
    }.ToDictionary(method => method.Name, StringComparer.Ordinal);

    /// <summary>A method of a dict; null where it has none of this name.</summary>
    public static Value? Find(DictValue owner, string name) => Methods.TryGetValue(name, out var method)
        ? new FunctionValue(method, "builtin_function_or_method", owner)
        : null;

    /// <summary>A dict with each of <paramref name="keys"/> and one value.</summary>
    public static DictValue FromKeys(Value keys, Value? value, Run run)
    {
        var entries = DictValue.NewEntries(run);
        foreach (var key in keys.Items(run))
        {
            run.Budget.MakeItems(2);
            entries[key] = value ?? NoneValue.None;
        }

        return new DictValue(entries);
    }

    /// <summary>A dict with the entries of another.</summary>
    public static DictValue Copy(DictValue dict, Run run)
    {
        var entries = DictValue.NewEntries(run);
        run.Budget.MakeItems(2L * dict.Entries.Count);
        run.Budget.Work(dict.Entries.Count);
        foreach (var (key, value) in dict.Entries)
        {
            entries[key] = value;
        }

        return new DictValue(entries);
    }

    private static DictValue Lookup(Value?[] given) => (DictValue)given[0]!;

    private static Value Hashable(Value key) => Equality.IsHashable(key)
        ? key
        : throw JinjaFault.Type($"unhashable type: '{key.TypeName}'");
}
