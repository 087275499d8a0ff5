namespace Hone.Text.Chat.Jinja;

/// <summary>The methods of texts that look for parts of them.</summary>
internal static class TextSearch
{
    /// <summary>The methods.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("find", ["self", "sub", "start?", "end?"], (run, given) =>
            IntegerValue.Of(Find(given, run, isLast: false))),
        new("rfind", ["self", "sub", "start?", "end?"], (run, given) =>
            IntegerValue.Of(Find(given, run, isLast: true))),
        new("index", ["self", "sub", "start?", "end?"], (run, given) => Found(Find(given, run, isLast: false))),
        new("rindex", ["self", "sub", "start?", "end?"], (run, given) => Found(Find(given, run, isLast: true))),
        new("count", ["self", "sub", "start?", "end?"], Count),
        new("startswith", ["self", "prefix", "start?", "end?"], (run, given) => Touches(
            given, run, "startswith", (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        new("endswith", ["self", "suffix", "start?", "end?"], (run, given) => Touches(
            given, run, "endswith", (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
    ];

    private static IntegerValue Found(int place) =>
        place >= 0 ? IntegerValue.Of(place) : throw JinjaFault.Value("substring not found");

    private static int Find(Value?[] given, Run run, bool isLast)
    {
        var part = TextMethods.TextArgument(given[1], "find() argument 1");
        var (text, start, isInside) = Part(given, run);
        if (!isInside)
        {
            return -1;
        }

        var index = isLast
            ? text.LastIndexOf(part, StringComparison.Ordinal)
            : text.IndexOf(part, StringComparison.Ordinal);
        return index < 0 ? -1 : start + PythonText.CountCodePoints(text.AsSpan(0, index));
    }

    private static IntegerValue Count(Run run, Value?[] given)
    {
        var part = TextMethods.TextArgument(given[1], "count() argument 1");
        var (text, _, isInside) = Part(given, run);
        if (!isInside || part.Length == 0)
        {
            return IntegerValue.Of(isInside ? PythonText.CountCodePoints(text) + 1 : 0);
        }

        var count = 0;
        for (var index = 0; (index = text.IndexOf(part, index, StringComparison.Ordinal)) >= 0; index += part.Length)
        {
            count++;
        }

        run.Budget.Work(count);
        return IntegerValue.Of(count);
    }

    private static BoolValue Touches(Value?[] given, Run run, string name, Func<string, string, bool> touches)
    {
        var (text, _, isInside) = Part(given, run);
        var parts = given[1] switch
        {
            TextValue one => [one],
            TupleValue many => many.Values,
            var other => throw JinjaFault.Type(
                $"{name} first arg must be str or a tuple of str, not {other!.TypeName}"),
        };
        return BoolValue.Of(parts.Any(part => part is TextValue one
            ? isInside && touches(text, one.Text)
            : throw JinjaFault.Type($"tuple for {name} must only contain str, not {part.TypeName}")));
    }

    /// <summary>The part of the text that is looked through, where it begins in code points, and whether it begins
    /// inside of the text at all.</summary>
    private static (string Text, int Start, bool IsInside) Part(Value?[] given, Run run)
    {
        var self = TextMethods.Self(given);
        run.Budget.Work(1 + (self.Text.Length / 16));
        if (given[2] is null && given[3] is null)
        {
            return (self.Text, 0, true);
        }

        var first = Place(given[2], self.Length, 0);
        var last = Math.Min(Place(given[3], self.Length, self.Length), self.Length);
        if (first > self.Length || first > last)
        {
            return ("", first, false);
        }

        var text = self.IsPlain
            ? self.Text[first..last]
            : string.Concat(PythonText.CodePoints(self.Text)[first..last].Select(PythonText.OfCodePoint));
        return (text, first, true);
    }

    private static int Place(Value? value, int length, int otherwise)
    {
        if (Filters.Given(value) is not { } given)
        {
            return otherwise;
        }

        var place = Numbers.Index(given) is not null ? Numbers.Int(given) : throw JinjaFault.Type(
            "slice indices must be integers or None or have an __index__ method");
        return place < 0 ? Math.Max(place + length, 0) : place;
    }
}
