using System.Buffers;
using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that make or take apart HTML and addresses.</summary>
internal static class HtmlFilters
{
    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\n\r\f\v/>=");

    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("escape", ["value"], (run, given) => Markup.Of(given[0]!, run)),
        new("e", ["value"], (run, given) => Markup.Of(given[0]!, run)),
        new("forceescape", ["value"], (run, given) => run.Markup(Markup.Escape(given[0]!.AsText(run)))),
        new("safe", ["value"], (run, given) => run.Markup(given[0]!.AsText(run))),
        new("striptags", ["value"], (run, given) => run.Text(StripTags(given[0]!.AsText(run), run))),
        new("urlencode", ["value"], (run, given) => run.Text(UrlEncode(given[0]!, run))),
        new("urlize", ["value", "trim_url_limit?", "nofollow?", "target?", "rel?", "extra_schemes?"], Links.Urlize),
        new("xmlattr", ["d", "autospace?"], XmlAttributes),
    ];

    private static string StripTags(string text, Run run)
    {
        run.Budget.Work(text.Length);
        text = Without(text, "<!--", "-->");
        text = Without(text, "<", ">");
        var words = PythonText.TrimEnd(PythonText.TrimStart(text)).ToString()
            .Split((char[]?)[.. text.Where(PythonText.IsBlank).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        return System.Net.WebUtility.HtmlDecode(string.Join(' ', words));
    }

    private static string Without(string text, string open, string close)
    {
        var result = new StringBuilder();
        for (var index = 0; ;)
        {
            var start = text.IndexOf(open, index, StringComparison.Ordinal);
            var end = start < 0 ? -1 : text.IndexOf(close, start, StringComparison.Ordinal);
            if (end < 0)
            {
                return result.Append(text.AsSpan(index)).ToString();
            }

            result.Append(text.AsSpan(index, start - index));
            index = end + close.Length;
        }
    }

    private static string UrlEncode(Value value, Run run)
    {
        if (value is TextValue || !value.IsIterable)
        {
            return Quote(value.AsText(run), isQuery: false, run);
        }

        var pairs = value is DictValue dict
            ? dict.Entries.Select(entry => (entry.Key, entry.Value))
            : value.Items(run).Select(pair => Unpacking.Items(pair, 2, run) is [var key, var item]
                ? (key, item)
                : default);
        return string.Join('&', pairs.Select(
            pair => $"{Quote(pair.Item1.AsText(run), true, run)}={Quote(pair.Item2.AsText(run), true, run)}"));
    }

    private static string Quote(string text, bool isQuery, Run run)
    {
        var result = new StringBuilder();
        run.Budget.Make(text.Length * 3L);
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            var letter = (char)one;
            if (char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-' or '~' || (letter == '/' && !isQuery))
            {
                result.Append(letter);
            }
            else if (letter == ' ' && isQuery)
            {
                result.Append('+');
            }
            else
            {
                result.Append('%').Append(one.ToString("X2", null));
            }
        }

        return result.ToString();
    }

    private static TextValue XmlAttributes(Run run, Value?[] given)
    {
        if (given[0] is not DictValue dict)
        {
            throw JinjaFault.Attribute(given[0]!, "items");
        }

        List<string> attributes = [];
        foreach (var (key, value) in dict.Entries)
        {
            if (value is NoneValue or UndefinedValue)
            {
                continue;
            }

            if (key is not TextValue { Text: var name })
            {
                throw JinjaFault.Type($"expected string or bytes-like object, got '{key.TypeName}'");
            }

            if (name.AsSpan().ContainsAny(NameEnds))
            {
                throw JinjaFault.Value($"Invalid character in attribute name: {PythonText.Quote(name)}");
            }

            attributes.Add($"{Markup.Escape(name)}=\"{Markup.Of(value, run).Text}\"");
        }

        var text = string.Join(' ', attributes);
        text = text.Length > 0 && (given[1] is null || given[1]!.IsTrue) ? " " + text : text;
        return run.Escapes ? run.Markup(text) : run.Text(text);
    }
}
