using System.Collections.Frozen;

namespace Hone.Text.Chat.Jinja;

/// <summary>Attributes and items, by the rules of Jinja's sandbox: <c>a.b</c> asks for the attribute first,
/// <c>a['b']</c> for the item.</summary>
internal static class Lookup
{
    private static readonly FrozenSet<string> DictNames = new[]
    {
        "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reads <c>.name</c> of what <paramref name="target"/> computes.</summary>
    public static Evaluation Attribute(Evaluation target, string name)
    {
        var key = new TextValue(name);
        var isKeyOfDict = !name.StartsWith('_') && !DictNames.Contains(name);
        return frame =>
        {
            var owner = target(frame);
            return isKeyOfDict && owner is DictValue dict
                ? dict.Find(key) ?? UndefinedValue.Of(owner, key, frame.Run)
                : Attribute(owner, key, frame.Run);
        };
    }

    /// <summary><c>owner.name</c>.</summary>
    public static Value Attribute(Value owner, TextValue name, Run run)
    {
        if (owner.Hides(name.Text))
        {
            return UndefinedValue.Unsafe(owner, name.Text);
        }

        return owner.Attribute(name.Text) ?? owner.Item(name, run) ?? UndefinedValue.Of(owner, name, run);
    }

    /// <summary><c>owner[key]</c>.</summary>
    public static Value Item(Value owner, Value key, Run run)
    {
        if (owner.Item(key, run) is { } item)
        {
            return item;
        }

        if (key is TextValue name)
        {
            if (owner.Hides(name.Text))
            {
                return UndefinedValue.Unsafe(owner, name.Text);
            }

            if (owner.Attribute(name.Text) is { } attribute)
            {
                return attribute;
            }
        }

        return UndefinedValue.Of(owner, key, run);
    }

    /// <summary>The items of a slice.</summary>
    public static Value Slice(Value owner, SliceValue slice, Run run) =>
        owner.Item(slice, run) ?? throw JinjaFault.Type(owner is DictValue
            ? "unhashable type: 'slice'"
            : $"'{owner.TypeName}' object is not subscriptable");

    /// <summary>Follows a path such as <c>a.b.0</c> of filters, part by part.</summary>
    /// <param name="value">Where to begin.</param>
    /// <param name="path">The parts.</param>
    /// <param name="otherwise">What stands for a part that is missing; null for undefined.</param>
    /// <param name="run">The rendering.</param>
    public static Value Path(Value value, IReadOnlyList<Value> path, Value? otherwise, Run run)
    {
        foreach (var part in path)
        {
            value = Item(value, part, run);
            if (otherwise is not null && value is UndefinedValue)
            {
                value = otherwise;
            }
        }

        return value;
    }

    /// <summary>The parts of a path: numbers are places.</summary>
    public static IReadOnlyList<Value> PathOf(Value? attribute, Run run)
    {
        if (attribute is not TextValue text)
        {
            return attribute is null or NoneValue ? [] : [attribute];
        }

        string[] parts = text.Text.Split('.');
        run.Budget.Make(text.Text.Length);
        run.Budget.MakeItems(parts.Length * 2L);
        return [.. parts.Select(Part)];
    }

    private static Value Part(string name) =>
        name.Length is > 0 and <= NumberLiteral.MostDigits && name.All(char.IsAsciiDigit)
        ? IntegerValue.Of(System.Numerics.BigInteger.Parse(name, null))
        : new TextValue(name);
}
