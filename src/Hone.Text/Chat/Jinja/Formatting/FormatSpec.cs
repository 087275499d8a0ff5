namespace Hone.Text.Chat.Jinja;

/// <summary>How a value is to be laid out:
/// <c>[[fill]align][sign][#][0][width][grouping][.precision][type]</c>.</summary>
internal sealed record FormatSpec
{
    /// <summary>What fills up to the width.</summary>
    public int Fill { get; init; } = ' ';

    /// <summary><c>&lt;</c>, <c>&gt;</c>, <c>^</c>, <c>=</c>; null for the type's own.</summary>
    public char? Align { get; init; }

    /// <summary><c>+</c>, <c>-</c> or a blank.</summary>
    public char Sign { get; init; } = '-';

    /// <summary>Whether numbers show their base, or keep their point.</summary>
    public bool IsAlternate { get; init; }

    /// <summary>The least width, in code points.</summary>
    public int Width { get; init; }

    /// <summary><c>,</c> or <c>_</c> between groups of digits; null for none.</summary>
    public char? Grouping { get; init; }

    /// <summary>Digits after the point, or code points of a text; null for the type's own.</summary>
    public int? Precision { get; init; }

    /// <summary>The type; null for the value's own.</summary>
    public char? Type { get; init; }

    /// <summary>Reads a specification.</summary>
    /// <exception cref="JinjaFault">It is none.</exception>
    public static FormatSpec Parse(string text)
    {
        var spec = new FormatSpec();
        var index = 0;
        if (text.Length > 0)
        {
            var fill = PythonText.CodePointAt(text, 0, out var length);
            if (text.Length > length && IsAlign(text[length]))
            {
                spec = spec with { Fill = fill, Align = text[length] };
                index = length + 1;
            }
            else if (IsAlign(text[0]))
            {
                spec = spec with { Align = text[0] };
                index = 1;
            }
        }

        if (index < text.Length && text[index] is '+' or '-' or ' ')
        {
            spec = spec with { Sign = text[index++] };
        }

        if (Takes('#'))
        {
            spec = spec with { IsAlternate = true };
        }

        if (Takes('0') && spec is { Align: null })
        {
            spec = spec with { Fill = '0', Align = '=' };
        }

        spec = spec with { Width = Number(text, ref index) ?? 0 };
        if (index < text.Length && text[index] is ',' or '_')
        {
            spec = spec with { Grouping = text[index++] };
        }

        if (Takes('.'))
        {
            spec = spec with
            {
                Precision = Number(text, ref index) ?? throw JinjaFault.Value("Format specifier missing precision"),
            };
        }

        return text.Length - index > 1
            ? throw JinjaFault.Value("Invalid format specifier")
            : spec with { Type = index < text.Length ? text[index] : null };

        bool Takes(char letter)
        {
            var takes = index < text.Length && text[index] == letter;
            index += takes ? 1 : 0;
            return takes;
        }
    }

    /// <summary>A text in its width.</summary>
    /// <param name="text">The text.</param>
    /// <param name="standard">Where it stands if nothing is said.</param>
    /// <param name="run">The rendering.</param>
    /// <param name="prefix">Characters at its start that stay in front of what <c>=</c> fills in.</param>
    public string Pad(string text, char standard, Run run, int prefix = 0)
    {
        var missing = Width - PythonText.CountCodePoints(text);
        if (missing <= 0)
        {
            return text;
        }

        run.Budget.Make(missing);
        var fill = PythonText.OfCodePoint(Fill);
        var left = (Align ?? standard) switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        var (before, after) = (Repeat(fill, left), Repeat(fill, missing - left));
        return Align == '=' ? text[..prefix] + before + text[prefix..] : before + text + after;
    }

    private static string Repeat(string fill, int count) => string.Concat(Enumerable.Repeat(fill, count));

    private static bool IsAlign(char letter) => letter is '<' or '>' or '^' or '=';

    private static int? Number(string text, ref int index)
    {
        var start = index;
        while (index < text.Length && char.IsAsciiDigit(text[index]))
        {
            index++;
        }

        if (index == start)
        {
            return null;
        }

        return int.TryParse(text.AsSpan(start, index - start), out var number)
            ? number
            : throw JinjaFault.Limit("a width must be at most 2147483647");
    }
}
