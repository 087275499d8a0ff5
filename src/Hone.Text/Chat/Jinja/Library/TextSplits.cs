namespace Hone.Text.Chat.Jinja;

/// <summary>The methods of texts that take them apart.</summary>
internal static class TextSplits
{
    /// <summary>The methods.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("split", ["self", "sep?", "maxsplit?"], (run, given) => Split(given, run, fromEnd: false)),
        new("rsplit", ["self", "sep?", "maxsplit?"], (run, given) => Split(given, run, fromEnd: true)),
        new("splitlines", ["self", "keepends?"], (run, given) => Texts(
            PythonLines.Split(TextMethods.Self(given).Text, Filters.IsTrue(given[1])), given, run)),
        new("partition", ["self", "sep"], (run, given) => Partition(given, run, isLast: false)),
        new("rpartition", ["self", "sep"], (run, given) => Partition(given, run, isLast: true)),
    ];

    private static ListValue Split(Value?[] given, Run run, bool fromEnd)
    {
        var text = TextMethods.Self(given).Text;
        var most = given[2] is { } limit && Numbers.Int(limit) is >= 0 and var count ? count : int.MaxValue;
        run.Budget.Work(text.Length / 16);
        if (Filters.Given(given[1]) is not { } separator)
        {
            return Texts(fromEnd ? WordsFromEnd(text, most) : Words(text, most), given, run);
        }

        var mark = separator is TextValue { Text: var found }
            ? found
            : throw JinjaFault.Type($"must be str or None, not {separator.TypeName}");
        if (mark.Length == 0)
        {
            throw JinjaFault.Value("empty separator");
        }

        return Texts(fromEnd ? PartsFromEnd(text, mark, most) : Parts(text, mark, most), given, run);
    }

    private static ListValue Texts(IEnumerable<string> parts, Value?[] given, Run run)
    {
        List<Value> texts = [];
        foreach (var part in parts)
        {
            run.Budget.Work(1);
            run.Budget.MakeItems(2);
            texts.Add(run.Text(part, TextMethods.Self(given)));
        }

        return new ListValue(texts);
    }

    private static IEnumerable<string> Parts(string text, string mark, int most)
    {
        var start = 0;
        for (var splits = 0; splits < most; splits++)
        {
            var end = text.IndexOf(mark, start, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            yield return text[start..end];
            start = end + mark.Length;
        }

        yield return text[start..];
    }

    private static List<string> PartsFromEnd(string text, string mark, int most)
    {
        List<string> parts = [];
        var end = text.Length;
        while (parts.Count < most && text.AsSpan(0, end).LastIndexOf(mark) is >= 0 and var start)
        {
            parts.Add(text[(start + mark.Length)..end]);
            end = start;
        }

        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    private static IEnumerable<string> Words(string text, int most)
    {
        var start = SkipBlanks(text, 0);
        for (var splits = 0; start < text.Length; splits++)
        {
            if (splits == most)
            {
                yield return text[start..];
                yield break;
            }

            var end = start;
            while (end < text.Length && !PythonText.IsBlank(text[end]))
            {
                end++;
            }

            yield return text[start..end];
            start = SkipBlanks(text, end);
        }
    }

    private static List<string> WordsFromEnd(string text, int most)
    {
        List<string> words = [];
        var end = PythonText.TrimEnd(text).Length;
        while (end > 0 && words.Count < most)
        {
            var start = end;
            while (start > 0 && !PythonText.IsBlank(text[start - 1]))
            {
                start--;
            }

            words.Add(text[start..end]);
            end = PythonText.TrimEnd(text.AsSpan(0, start)).Length;
        }

        if (end > 0)
        {
            words.Add(text[..end]);
        }

        words.Reverse();
        return words;
    }

    private static int SkipBlanks(string text, int index)
    {
        while (index < text.Length && PythonText.IsBlank(text[index]))
        {
            index++;
        }

        return index;
    }

    private static TupleValue Partition(Value?[] given, Run run, bool isLast)
    {
        var text = TextMethods.Self(given).Text;
        var mark = TextMethods.TextArgument(given[1], "partition() argument");
        if (mark.Length == 0)
        {
            throw JinjaFault.Value("empty separator");
        }

        run.Budget.Work(text.Length / 16);
        var index = isLast
            ? text.LastIndexOf(mark, StringComparison.Ordinal)
            : text.IndexOf(mark, StringComparison.Ordinal);
        string[] missing = isLast ? ["", "", text] : [text, "", ""];
        string[] parts = index < 0 ? missing : [text[..index], mark, text[(index + mark.Length)..]];
        return new TupleValue([.. parts.Select(part => run.Text(part, TextMethods.Self(given)))]);
    }
}
