namespace Hone.Text.Chat.Jinja;

/// <summary>The filter <c>tojson</c> as chat templates have it: nothing is escaped for HTML.</summary>
internal static class JsonFilter
{
    /// <summary>The filter.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("tojson", ["x", "ensure_ascii?", "indent?", "separators?", "sort_keys?"], ToJson),
    ];

    private static TextValue ToJson(Run run, Value?[] given)
    {
        var indent = Filters.Given(given[2]) switch
        {
            null => null,
            TextValue text => text.Text,
            var width => new string(' ', Room(Numbers.Int(width), run)),
        };
        var options = new JsonTextOptions
        {
            EnsuresAscii = Filters.IsTrue(given[1]),
            Indent = indent,
            ItemSeparator = indent is null ? ", " : ",",
            SortsKeys = Filters.IsTrue(given[4]),
        };
        if (Filters.Given(given[3]) is { } separators)
        {
            options = separators.Items(run).ToList() is [TextValue item, TextValue key]
                ? options with { ItemSeparator = item.Text, KeySeparator = key.Text }
                : throw JinjaFault.Value("separators must be two texts");
        }

        return JsonText.Of(given[0]!, options, run);
    }

    private static int Room(int width, Run run)
    {
        run.Budget.Make(width);
        return Math.Max(width, 0);
    }
}
