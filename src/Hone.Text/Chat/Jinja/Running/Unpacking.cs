namespace Hone.Text.Chat.Jinja;

/// <summary>Gives the items of a value to several targets.</summary>
internal static class Unpacking
{
    /// <summary>Binds the targets.</summary>
    public static Assignment Bind(Assignment[] targets) => (frame, value) =>
    {
        var items = Items(value, targets.Length, frame.Run);
        for (var index = 0; index < targets.Length; index++)
        {
            targets[index](frame, items[index]);
        }
    };

    /// <summary>The items of a value, which must be so many.</summary>
    /// <exception cref="JinjaFault">They are not.</exception>
    public static List<Value> Items(Value value, int count, Run run)
    {
        if (!value.IsIterable)
        {
            throw JinjaFault.Type($"cannot unpack non-iterable {value.TypeName} object");
        }

        // One more than there are targets says that there are too many, without going through them all.
        var items = value.Items(run).Take(count + 1).ToList();
        if (items.Count < count)
        {
            throw JinjaFault.Value($"not enough values to unpack (expected {count}, got {items.Count})");
        }

        if (items.Count > count)
        {
            throw JinjaFault.Value($"too many values to unpack (expected {count})");
        }

        return items;
    }
}
