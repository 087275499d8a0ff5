using System.Collections.Frozen;
using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>The methods of texts, which are those of Python's <c>str</c>.</summary>
internal static class TextMethods
{
    private static readonly FrozenDictionary<string, Builtin> Methods = ((Builtin[])
        [
            .. TextSearch.All, .. TextSplits.All, .. TextClasses.All, .. TextTranslation.All,
            Mapped("upper", CaseMapping.Upper),
            Mapped("lower", CaseMapping.Lower),
            Mapped("title", CaseMapping.Title),
            Mapped("capitalize", CaseMapping.Capitalize),
            Mapped("casefold", CaseMapping.Fold),
            Mapped("swapcase", CaseMapping.Swap),
            new("strip", ["self", "chars?"], (run, given) => Stripped(given, run, atStart: true, atEnd: true)),
            new("lstrip", ["self", "chars?"], (run, given) => Stripped(given, run, atStart: true, atEnd: false)),
            new("rstrip", ["self", "chars?"], (run, given) => Stripped(given, run, atStart: false, atEnd: true)),
            new("removeprefix", ["self", "prefix"], (run, given) => WithoutPrefix(given, run)),
            new("removesuffix", ["self", "suffix"], (run, given) => WithoutSuffix(given, run)),
            new("replace", ["self", "old", "new", "count?"], Replaced),
            new("join", ["self", "iterable"], Joined),
            Padding("center", '^'),
            Padding("ljust", '<'),
            Padding("rjust", '>'),
            new("zfill", ["self", "width"], ZeroFilled),
            new("expandtabs", ["self", "tabsize?"], TabsExpanded),
            new("encode", ["self", "encoding?", "errors?"], (run, given) =>
                new BytesValue(Encoding.UTF8.GetBytes(run.Text(Self(given).Text).Text))),
            new("format", (run, arguments) => Formatted(run, arguments)),
            new("format_map", ["self", "mapping"], (run, given) => run.Text(
                new FormatString(new Arguments([], Pairs(given[1]!)), run).Apply(Self(given).Text), Self(given))),
        ]).ToFrozenDictionary(method => method.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Builtin> MarkupMethods = ((Builtin[])
        [
            new("striptags", ["self"], (run, given) =>
                Filters.Find("striptags")!.Call(new Arguments([given[0]!], []), run)),
            new("unescape", ["self"], (run, given) => run.Text(System.Net.WebUtility.HtmlDecode(Self(given).Text))),
        ]).ToFrozenDictionary(method => method.Name, StringComparer.Ordinal);

    /// <summary>A method of a text; null where it has none of this name.</summary>
    public static Value? Find(TextValue owner, string name)
    {
        if (!Methods.TryGetValue(name, out var method)
            && !(owner.IsMarkup && MarkupMethods.TryGetValue(name, out method)))
        {
            return null;
        }

        return new FunctionValue(method, "builtin_function_or_method", owner);
    }

    /// <summary>The text that a method belongs to.</summary>
    public static TextValue Self(Value?[] given) => (TextValue)given[0]!;

    /// <summary>An argument that must be a text.</summary>
    public static string TextArgument(Value? value, string what) => value is TextValue text
        ? text.Text
        : throw JinjaFault.Type($"{what} must be str, not {value!.TypeName}");

    /// <summary>A text without what stands at its ends.</summary>
    public static string Strip(TextValue text, Value? chars, bool atStart, bool atEnd)
    {
        if (Filters.Given(chars) is not { } given)
        {
            var bare = text.Text.AsSpan();
            bare = atStart ? PythonText.TrimStart(bare) : bare;
            return (atEnd ? PythonText.TrimEnd(bare) : bare).ToString();
        }

        var strange = given is TextValue set
            ? PythonText.CodePoints(set.Text).ToHashSet()
            : throw JinjaFault.Type("strip arg must be None or str");
        var points = PythonText.CodePoints(text.Text);
        var (start, end) = (0, points.Length);
        while (atStart && start < end && strange.Contains(points[start]))
        {
            start++;
        }

        while (atEnd && end > start && strange.Contains(points[end - 1]))
        {
            end--;
        }

        return string.Concat(points[start..end].Select(PythonText.OfCodePoint));
    }

    /// <summary>A text with parts of it replaced.</summary>
    public static string Replace(string text, string old, string fresh, int count, Run run)
    {
        var most = count < 0 ? int.MaxValue : count;
        run.Budget.Work(text.Length / 8);
        if (old.Length == 0)
        {
            return ReplaceEmpty(text, fresh, most, run);
        }

        long found = 0;
        for (var index = 0; found < most && (index = text.IndexOf(old, index, StringComparison.Ordinal)) >= 0; found++)
        {
            index += old.Length;
        }

        run.Budget.Make(found * fresh.Length);
        run.Budget.Work(found);
        var result = new StringBuilder();
        var start = 0;
        for (; found > 0; found--)
        {
            var next = text.IndexOf(old, start, StringComparison.Ordinal);
            result.Append(text.AsSpan(start, next - start)).Append(fresh);
            start = next + old.Length;
        }

        return start == 0 ? text : result.Append(text.AsSpan(start)).ToString();
    }

    /// <summary>A text in a width of so many code points.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width.</param>
    /// <param name="fill">What fills it up.</param>
    /// <param name="align">Where the text stands: <c>&lt;</c>, <c>&gt;</c> or <c>^</c>.</param>
    /// <param name="run">The rendering.</param>
    public static TextValue Pad(TextValue text, int width, int fill, char align, Run run)
    {
        var missing = (long)width - text.Length;
        if (missing <= 0)
        {
            return text;
        }

        run.Budget.Make(missing * 2);

        // Python puts the odd one to the left where the width is odd.
        var left = align switch
        {
            '<' => 0,
            '>' => missing,
            _ => (missing / 2) + (missing & width & 1),
        };
        var mark = PythonText.OfCodePoint(fill);
        return run.Text(
            string.Concat(Enumerable.Repeat(mark, (int)left)) + text.Text
            + string.Concat(Enumerable.Repeat(mark, (int)(missing - left))),
            text);
    }

    /// <summary>Whether there are letters with a case, and all of them are small.</summary>
    public static bool IsLower(string text) => HasOneCase(text, CharacterClass.IsLower);

    /// <summary>Whether there are letters with a case, and all of them are capitals.</summary>
    public static bool IsUpper(string text) => HasOneCase(text, CharacterClass.IsUpper);

    private static bool HasOneCase(string text, Func<int, bool> isOfCase)
    {
        var cased = PythonText.CodePoints(text).Where(CharacterClass.IsCased).ToList();
        return cased.Count > 0 && cased.TrueForAll(point => isOfCase(point));
    }

    private static Builtin Mapped(string name, Func<string, string> map) => new(name, ["self"], (run, given) =>
    {
        run.Budget.Work(Self(given).Text.Length / 4);
        return run.Text(map(Self(given).Text), Self(given));
    });

    private static Builtin Padding(string name, char align) => new(name, ["self", "width", "fillchar?"], (run, given) =>
        Pad(Self(given), Numbers.Int(given[1]!), given[2] switch
        {
            null => ' ',
            TextValue { Length: 1 } fill => PythonText.CodePointAt(fill.Text, 0, out _),
            _ => throw JinjaFault.Type("The fill character must be exactly one character long"),
        }, align, run));

    private static TextValue Stripped(Value?[] given, Run run, bool atStart, bool atEnd)
    {
        run.Budget.Work(given[1] is null ? 0 : Self(given).Text.Length / 2);
        var kept = Strip(Self(given), given[1], atStart, atEnd);
        run.Budget.Work((Self(given).Text.Length - kept.Length) / 8);
        return run.Text(kept, Self(given));
    }

    private static TextValue WithoutPrefix(Value?[] given, Run run)
    {
        var prefix = TextArgument(given[1], "removeprefix() argument");
        var text = Self(given).Text;
        return run.Text(text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text, Self(given));
    }

    private static TextValue WithoutSuffix(Value?[] given, Run run)
    {
        var suffix = TextArgument(given[1], "removesuffix() argument");
        var text = Self(given).Text;
        return run.Text(
            suffix.Length > 0 && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
            Self(given));
    }

    private static TextValue Replaced(Run run, Value?[] given) => run.Text(
        Replace(
            Self(given).Text,
            TextArgument(given[1], "replace() argument 1"),
            Self(given).IsMarkup ? Markup.Of(given[2]!, run).Text : TextArgument(given[2], "replace() argument 2"),
            given[3] is null ? -1 : Numbers.Int(given[3]!),
            run),
        Self(given));

    private static string ReplaceEmpty(string text, string fresh, int most, Run run)
    {
        var points = PythonText.CodePoints(text);
        run.Budget.Make(Math.Min(points.Length + 1L, most) * fresh.Length);
        var result = new StringBuilder();
        for (var place = 0; place <= points.Length; place++)
        {
            result.Append(place < most ? fresh : "");
            if (place < points.Length)
            {
                PythonText.AppendCodePoint(result, points[place]);
            }
        }

        return result.ToString();
    }

    private static TextValue Joined(Run run, Value?[] given)
    {
        var self = Self(given);
        List<TextValue> parts = [];
        var index = 0;
        var items = given[1]!.IsIterable ? given[1]!.Items(run) : throw JinjaFault.Type("can only join an iterable");
        foreach (var item in items)
        {
            run.Budget.Work(1);
            run.Budget.Make(self.Text.Length);
            if (index > 0)
            {
                parts.Add(self);
            }

            parts.Add(item as TextValue ?? (self.IsMarkup
                ? Markup.Of(item, run)
                : throw JinjaFault.Type($"sequence item {index}: expected str instance, {item.TypeName} found")));
            index++;
        }

        return Containers.Join(parts, run, self.IsMarkup);
    }

    private static TextValue ZeroFilled(Run run, Value?[] given)
    {
        var text = Self(given).Text;
        var sign = text is ['+' or '-', ..] ? 1 : 0;
        var missing = Math.Max((long)Numbers.Int(given[1]!) - Self(given).Length, 0);
        run.Budget.Make(missing);
        return run.Text(text[..sign] + new string('0', (int)missing) + text[sign..], Self(given));
    }

    private static TextValue TabsExpanded(Run run, Value?[] given)
    {
        run.Budget.Work(Self(given).Text.Length);
        var size = given[1] is { } tab ? Numbers.Int(tab) : 8;
        var sink = new TextSink(run);
        var column = 0;
        foreach (var point in PythonText.CodePoints(Self(given).Text))
        {
            if (point == '\t')
            {
                var blanks = size > 0 ? size - (column % size) : 0;
                sink.Append(' ', blanks);
                column += blanks;
            }
            else
            {
                sink.Append(PythonText.OfCodePoint(point));
                column = point is '\n' or '\r' ? 0 : column + 1;
            }
        }

        return run.Text(sink.ToString(), Self(given));
    }

    private static TextValue Formatted(Run run, Arguments arguments)
    {
        var self = (TextValue)arguments.Positional[0];
        var rest = arguments with { Positional = [.. arguments.Positional.Skip(1)] };
        return run.Text(new FormatString(rest, run).Apply(self.Text), self);
    }

    private static List<KeyValuePair<string, Value>> Pairs(Value mapping) => mapping is DictValue dict
        ? [.. dict.Entries.Where(entry => entry.Key is TextValue)
            .Select(entry => KeyValuePair.Create(((TextValue)entry.Key).Text, entry.Value))]
        : throw JinjaFault.Type($"format_map() argument must be a mapping, not {mapping.TypeName}");
}
