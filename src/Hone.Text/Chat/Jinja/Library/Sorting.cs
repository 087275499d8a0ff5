namespace Hone.Text.Chat.Jinja;

/// <summary>Puts values in order; equal ones stay as they were.</summary>
internal static class Sorting
{
    /// <summary>The items in the order of their keys.</summary>
    /// <exception cref="JinjaFault">Two keys have no order.</exception>
    public static IReadOnlyList<T> Sort<T>(IReadOnlyList<T> items, Func<T, Value> key, bool isReversed, Run run)
    {
        run.Budget.MakeItems(items.Count * 2L);
        var keyed = items.Select(item => (Key: key(item), Item: item)).ToArray();
        Merge(keyed, new (Value, T)[keyed.Length], 0, keyed.Length, isReversed, run);
        return [.. keyed.Select(pair => pair.Item)];
    }

    private static void Merge<T>(
        (Value Key, T Item)[] items, (Value Key, T Item)[] room, int start, int end, bool isReversed, Run run)
    {
        if (end - start < 2)
        {
            return;
        }

        var middle = start + ((end - start) / 2);
        Merge(items, room, start, middle, isReversed, run);
        Merge(items, room, middle, end, isReversed, run);
        items.AsSpan(start, end - start).CopyTo(room.AsSpan(start));
        var (left, right) = (start, middle);
        for (var place = start; place < end; place++)
        {
            var takesRight = left == middle
                || (right < end && ComesFirst(room[right].Key, room[left].Key, isReversed, run));
            items[place] = takesRight ? room[right++] : room[left++];
        }
    }

    private static bool ComesFirst(Value later, Value earlier, bool isReversed, Run run)
    {
        run.Budget.Work(1);
        return isReversed
            ? Comparison.Compare("<", earlier, later, run) < 0
            : Comparison.Compare("<", later, earlier, run) < 0;
    }
}
