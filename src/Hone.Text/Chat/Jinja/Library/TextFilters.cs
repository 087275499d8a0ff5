namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that turn a text into another.</summary>
internal static class TextFilters
{
    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("string", ["value"], (run, given) => TextOf(given[0]!, run)),
        Mapped("upper", CaseMapping.Upper),
        Mapped("lower", CaseMapping.Lower),
        Mapped("capitalize", CaseMapping.Capitalize),
        Mapped("title", Title),
        new("trim", ["value", "chars?"], (run, given) => Trim(given[0]!, given[1], run)),
        new("replace", ["s", "old", "new", "count?"], Replace),
        new("format", Format),
        new("wordcount", ["s"], (run, given) => IntegerValue.Of(CountWords(given[0]!.AsText(run), run))),
    ];

    /// <summary>A value as text; HTML stays HTML.</summary>
    public static TextValue TextOf(Value value, Run run) => value as TextValue ?? new TextValue(value.AsText(run));

    private static Builtin Mapped(string name, Func<string, string> map) => new(name, ["s"], (run, given) =>
    {
        var text = TextOf(given[0]!, run);
        run.Budget.Work(text.Text.Length / 4);
        return run.Text(map(text.Text), text);
    });

    // A word begins after a blank, a hyphen or an opening bracket.
    private static string Title(string text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !IsBetweenWords(text[end]))
            {
                end++;
            }

            if (end == start)
            {
                result.Append(text[start++]);
                continue;
            }

            PythonText.CodePointAt(text, start, out var first);
            result.Append(CaseMapping.Upper(text.Substring(start, first)))
                .Append(CaseMapping.Lower(text[(start + first)..end]));
            start = end;
        }

        return result.ToString();
    }

    private static bool IsBetweenWords(char letter) =>
        letter is '-' or '(' or '{' or '[' or '<' || PythonText.IsBlank(letter);

    private static TextValue Trim(Value value, Value? chars, Run run)
    {
        var text = TextOf(value, run);
        run.Budget.Work(chars is null ? 0 : text.Text.Length / 2);
        var kept = TextMethods.Strip(text, chars, atStart: true, atEnd: true);
        run.Budget.Make(kept.Length);
        run.Budget.Work(text.Text.Length / 8);
        return text.Generated is null
            ? new TextValue(kept) { IsMarkup = text.IsMarkup }
            : new TextValue(kept)
            {
                IsMarkup = text.IsMarkup,
                Generated = Cut(text.Generated, text.Text.IndexOf(kept, StringComparison.Ordinal), kept.Length),
            };
    }

    /// <summary>What is left of spans in a part of their text.</summary>
    private static Range[] Cut(IReadOnlyList<Range> spans, int start, int length) =>
    [
        .. spans
            .Select(span => (Start: span.Start.Value - start, End: span.End.Value - start))
            .Select(span => Math.Clamp(span.Start, 0, length)..Math.Clamp(span.End, 0, length)),
    ];

    private static TextValue Replace(Run run, Value?[] given)
    {
        var count = Filters.Given(given[3]) is { } most ? Numbers.Int(most) : -1;
        var text = given[0]!.AsText(run);
        if (!run.Escapes)
        {
            return run.Text(TextMethods.Replace(text, given[1]!.AsText(run), given[2]!.AsText(run), count, run));
        }

        var (old, fresh) = (TextOf(given[1]!, run), TextOf(given[2]!, run));
        var isMarkup = given[0] is TextValue { IsMarkup: true };
        if (!isMarkup && (old.IsMarkup || fresh.IsMarkup))
        {
            (text, isMarkup) = (Markup.Escape(text), true);
        }

        return run.Text(
            TextMethods.Replace(text, old.Text, isMarkup ? Markup.Of(fresh, run).Text : fresh.Text, count, run),
            new TextValue("") { IsMarkup = isMarkup });
    }

    private static TextValue Format(Run run, Arguments arguments)
    {
        if (arguments.Positional is [])
        {
            throw JinjaFault.Type("do_format() missing 1 required positional argument: 'value'");
        }

        var rest = arguments.Positional.Skip(1).ToList();
        if (rest is [_, ..] && arguments.Named is [_, ..])
        {
            throw JinjaFault.FilterArgument("can't handle positional and keyword arguments at the same time");
        }

        var entries = DictValue.NewEntries(run);
        foreach (var (name, value) in arguments.Named)
        {
            entries[new TextValue(name)] = value;
        }

        return PercentFormat.Apply(
            TextOf(arguments.Positional[0], run),
            arguments.Named is [_, ..] ? new DictValue(entries) : new TupleValue(rest),
            run);
    }

    private static int CountWords(string text, Run run)
    {
        run.Budget.Work(text.Length / 4);
        var (count, inWord) = (0, false);
        for (var index = 0; index < text.Length;)
        {
            var point = PythonText.CodePointAt(text, index, out var length);
            var isWord = point == '_' || CharacterClass.IsAlphanumeric(point);
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
            index += length;
        }

        return count;
    }
}
