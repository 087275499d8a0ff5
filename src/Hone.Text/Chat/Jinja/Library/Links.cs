using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Makes links of the addresses in a text.</summary>
internal static class Links
{
    private static readonly string[] BasicDomains = ["com", "net", "int", "edu", "gov", "org", "info", "mil"];

    /// <summary>The filter <c>urlize</c>.</summary>
    public static Value Urlize(Run run, Value?[] given)
    {
        var limit = Filters.Given(given[1]) is { } most ? Numbers.Int(most) : int.MaxValue;
        SortedSet<string> rel = new(["noopener"], StringComparer.Ordinal);
        rel.UnionWith((Filters.Given(given[4])?.AsText(run) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (Filters.IsTrue(given[2]))
        {
            rel.Add("nofollow");
        }

        var attributes = $" rel=\"{Markup.Escape(string.Join(' ', rel))}\""
            + (Filters.Given(given[3]) is { } target ? $" target=\"{Markup.Escape(target.AsText(run))}\"" : "");
        string[] schemes = Filters.Given(given[5]) is { } extra
            ? [.. extra.Items(run).Select(scheme => scheme.AsText(run))]
            : [];
        if (Array.Find(schemes, scheme => !IsScheme(scheme)) is { } stranger)
        {
            throw JinjaFault.FilterArgument($"{PythonText.Quote(stranger)} is not a valid URI scheme prefix.");
        }

        var text = Markup.Of(given[0]!, run).Text;
        run.Budget.Work(text.Length * 4L);
        var result = new StringBuilder();
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            var isBlank = PythonText.IsBlank(text[start]);
            while (end < text.Length && PythonText.IsBlank(text[end]) == isBlank)
            {
                end++;
            }

            result.Append(isBlank ? text[start..end] : Word(text[start..end], attributes, limit, schemes));
            start = end;
        }

        return run.Escapes ? run.Markup(result.ToString()) : run.Text(result.ToString());
    }

    private static string Word(string word, string attributes, int limit, string[] schemes)
    {
        var (head, middle, tail) = Parts(word);
        if (IsAddress(middle))
        {
            var isWhole = middle.StartsWith("https://", StringComparison.Ordinal)
                || middle.StartsWith("http://", StringComparison.Ordinal);
            var shown = middle.Length > limit ? middle[..limit] + "..." : middle;
            middle = $"<a href=\"{(isWhole ? "" : "https://")}{middle}\"{attributes}>{shown}</a>";
        }
        else if (middle.StartsWith("mailto:", StringComparison.Ordinal) && IsMail(middle[7..]))
        {
            middle = $"<a href=\"{middle}\">{middle[7..]}</a>";
        }
        else if (middle.Contains('@') && !middle.StartsWith("www.", StringComparison.Ordinal)
            && !middle.StartsWith('@') && !middle.Contains(':') && IsMail(middle))
        {
            middle = $"<a href=\"mailto:{middle}\">{middle}</a>";
        }
        else if (Array.Exists(
            schemes, scheme => middle != scheme && middle.StartsWith(scheme, StringComparison.Ordinal)))
        {
            middle = $"<a href=\"{middle}\"{attributes}>{middle}</a>";
        }

        return head + middle + tail;
    }

    /// <summary>A word without the brackets and marks around it; brackets that it opens itself stay.</summary>
    private static (string Head, string Middle, string Tail) Parts(string word)
    {
        var start = 0;
        while (LengthOf(word, start, "(", "<", "&lt;") is var length and > 0)
        {
            start += length;
        }

        var end = word.Length;
        while (EndLengthOf(word[start..end], ")", ">", ".", ",", "\n", "&gt;") is var length and > 0)
        {
            end -= length;
        }

        var (middle, tail) = (word[start..end], word[end..]);
        foreach (var (open, close) in new[] { ("(", ")"), ("<", ">"), ("&lt;", "&gt;") })
        {
            var opened = Count(middle, open);
            if (opened <= Count(middle, close))
            {
                continue;
            }

            for (var left = Math.Min(opened, Count(tail, close)); left > 0; left--)
            {
                var taken = tail.IndexOf(close, StringComparison.Ordinal) + close.Length;
                (middle, tail) = (middle + tail[..taken], tail[taken..]);
            }
        }

        return (word[..start], middle, tail);
    }

    private static bool IsAddress(string text)
    {
        var isWeb = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        var rest = isWeb
            ? text[(text.IndexOf("//", StringComparison.Ordinal) + 2)..]
            : text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? text[4..] : null;
        var host = rest ?? text;
        host = host.AsSpan().IndexOfAny('/', '?', '#') is >= 0 and var path ? host[..path] : host;
        var port = host.LastIndexOf(':');
        if (port >= 0 && host.Length - port is > 1 and <= 6 && host[(port + 1)..].All(char.IsAsciiDigit))
        {
            host = host[..port];
        }

        var labels = host.Split('.');
        var last = labels[^1];
        if (isWeb && labels.Length == 4
            && labels.All(label => label.Length is > 0 and <= 3 && label.All(char.IsAsciiDigit)))
        {
            return true;
        }

        var domains = labels[..^1];
        return domains.All(label => label.Length > 0 && label.All(IsHostLetter)) && (rest is not null
            ? last.Length is >= 2 and <= 63 && last.All(char.IsAsciiLetter)
            : domains.Length > 0 && domains.All(label => label.Length is >= 2 and <= 63)
                && BasicDomains.Contains(last.ToLowerInvariant()));
    }

    private static bool IsMail(string text)
    {
        var at = text.IndexOf('@');
        var host = at > 0 ? text[(at + 1)..] : "";
        var dot = host.LastIndexOf('.');
        return dot > 0 && dot < host.Length - 1 && IsWordLetter(host[0])
            && host[..dot].All(letter => IsWordLetter(letter) || letter is '.' or '-')
            && host[(dot + 1)..].All(IsWordLetter);
    }

    private static bool IsScheme(string text)
    {
        var colon = text.IndexOf(':');
        return colon >= 2 && text[..colon].All(letter => IsWordLetter(letter) || letter is '.' or '+' or '-')
            && text[(colon + 1)..] is "" or "/" or "//";
    }

    private static bool IsWordLetter(char letter) => letter == '_' || CharacterClass.IsAlphanumeric(letter);

    private static bool IsHostLetter(char letter) => IsWordLetter(letter) || letter is '%' or '-';

    private static int LengthOf(string text, int start, params string[] marks) =>
        marks.FirstOrDefault(mark => text.AsSpan(start).StartsWith(mark))?.Length ?? 0;

    private static int EndLengthOf(string text, params string[] marks) =>
        marks.FirstOrDefault(mark => text.EndsWith(mark, StringComparison.Ordinal))?.Length ?? 0;

    private static int Count(string text, string mark) => text.Split(mark).Length - 1;
}
