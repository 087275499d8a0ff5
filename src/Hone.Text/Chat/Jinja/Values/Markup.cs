namespace Hone.Text.Chat.Jinja;

/// <summary>HTML.</summary>
internal static class Markup
{
    /// <summary>The text with HTML's characters as references.</summary>
    public static string Escape(string text) => text.AsSpan().IndexOfAny("&<>'\"") < 0 ? text : text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);

    /// <summary>A value as HTML: what is HTML already stays as it is.</summary>
    public static TextValue Of(Value value, Run run) => value is TextValue { IsMarkup: true } markup
        ? markup
        : run.Markup(Escaped(value.AsText(run), run));

    // An escape is up to five characters long.
    private static string Escaped(string text, Run run)
    {
        run.Budget.Make(text.AsSpan().IndexOfAny("&<>'\"") < 0 ? 0 : text.Length * 4L);
        return Escape(text);
    }
}
