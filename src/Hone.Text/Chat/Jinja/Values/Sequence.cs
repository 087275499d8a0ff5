using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>What lists, tuples and ranges have in common.</summary>
internal static class Sequence
{
    /// <summary>The index that a place means, counted from the end below 0; null outside.</summary>
    public static int? PlaceOf(BigInteger place, int count)
    {
        var index = place.Sign < 0 ? place + count : place;
        return index.Sign >= 0 && index < count ? (int)index : null;
    }

    /// <summary>The item at a place, or the items of a slice; null where there is none.</summary>
    public static Value? Item(
        IReadOnlyList<Value> items, Value key, Run run, Func<IReadOnlyList<Value>, Value> make)
    {
        if (key is SliceValue slice)
        {
            var (_, _, count) = slice.Over(items.Count);
            run.Budget.MakeItems(count);
            run.Budget.Work(count);
            return make([.. slice.Places(items.Count).Select(place => items[place])]);
        }

        return Numbers.Index(key) is { } place && PlaceOf(place, items.Count) is { } index ? items[index] : null;
    }

    /// <summary>The methods that no item is changed by; null for another name.</summary>
    public static Value? Attribute(IReadOnlyList<Value> items, string name, string type) => name switch
    {
        "count" => new FunctionValue(
            new Builtin(name, ["value"], (run, given) =>
                IntegerValue.Of(items.Count(item => Matches(item, given[0]!, run)))),
            "builtin_function_or_method"),
        "index" => new FunctionValue(
            new Builtin(name, ["value", "start?", "stop?"], (run, given) => IndexOf(items, given, type, run)),
            "builtin_function_or_method"),
        _ => null,
    };

    private static IntegerValue IndexOf(IReadOnlyList<Value> items, Value?[] given, string type, Run run)
    {
        var (start, _, count) = new SliceValue(given[1] ?? NoneValue.None, given[2] ?? NoneValue.None, NoneValue.None)
            .Over(items.Count);
        for (var index = start; index < start + count; index++)
        {
            if (Matches(items[index], given[0]!, run))
            {
                return IntegerValue.Of(index);
            }
        }

        throw JinjaFault.Value(
            type == "tuple" ? "tuple.index(x): x not in tuple" : $"{Repr.Of(given[0]!, run)} is not in {type}");
    }

    private static bool Matches(Value item, Value wanted, Run run)
    {
        run.Budget.Work(1);
        return Equality.AreEqual(item, wanted, run);
    }
}
