using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that lay text out in lines and columns.</summary>
internal static class LayoutFilters
{
    private const int Leeway = 5;

    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("center", ["value", "width?"], (run, given) =>
        {
            var text = TextFilters.TextOf(given[0]!, run);
            return TextMethods.Pad(text, given[1] is { } width ? Numbers.Int(width) : 80, ' ', '^', run);
        }),
        new("indent", ["s", "width?", "first?", "blank?"], Indent),
        new("truncate", ["s", "length?", "killwords?", "end?", "leeway?"], Truncate),
        new("wordwrap", ["s", "width?", "break_long_words?", "wrapstring?", "break_on_hyphens?"], Wrap),
        new("pprint", ["value"], (run, given) => run.Text(PrettyText.Of(given[0]!, run))),
    ];

    private static TextValue Indent(Run run, Value?[] given)
    {
        if (given[0] is not TextValue text)
        {
            throw given[0] is ListValue list
                ? JinjaFault.Attribute(list, "splitlines")
                : Arithmetic.Mismatch("+=", given[0]!, new TextValue(""));
        }

        var indent = given[1] switch
        {
            null => "    ",
            TextValue given1 => given1.Text,
            var width => run.Text(new string(' ', Room(width, run))).Text,
        };
        var lines = PythonLines.Split(text.Text + "\n", keepsEnds: false);
        run.Budget.Make((long)lines.Count * indent.Length);
        var isBlankToo = Filters.IsTrue(given[3]);
        var result = new StringBuilder(Filters.IsTrue(given[2]) ? indent : "");
        for (var index = 0; index < lines.Count; index++)
        {
            if (index > 0)
            {
                result.Append('\n').Append(isBlankToo || lines[index].Length > 0 ? indent : "");
            }

            result.Append(lines[index]);
        }

        return run.Text(result.ToString(), text);
    }

    private static int Room(Value width, Run run)
    {
        var count = Math.Max(Numbers.Int(width), 0);
        run.Budget.Make(count);
        return count;
    }

    private static Value Truncate(Run run, Value?[] given)
    {
        var length = given[1] is { } most ? Numbers.Int(most) : 255;
        var end = given[3] is TextValue mark ? mark : new TextValue("...");
        var leeway = Filters.Given(given[4]) is { } slack ? Numbers.Int(slack) : Leeway;
        if (length < end.Length || leeway < 0)
        {
            throw new JinjaFault("AssertionError", length < end.Length
                ? $"expected length >= {end.Length}, got {length}"
                : $"expected leeway >= 0, got {leeway}");
        }

        if (ItemFilters.Count(given[0]!).Number <= (long)length + leeway)
        {
            return given[0]!;
        }

        if (given[0] is not TextValue text)
        {
            throw given[0] is ListValue or TupleValue && !Filters.IsTrue(given[2])
                ? JinjaFault.Attribute(given[0]!, "rsplit")
                : JinjaFault.Type($"'{given[0]!.TypeName}' object is not a text");
        }

        run.Budget.Work(text.Text.Length / 2);
        var points = PythonText.CodePoints(text.Text);
        var kept = string.Concat(points.Take(length - end.Length).Select(PythonText.OfCodePoint));
        var cut = Filters.IsTrue(given[2]) ? -1 : kept.LastIndexOf(' ');
        return run.Text((cut >= 0 ? kept[..cut] : kept) + end.Text, text);
    }

    private static TextValue Wrap(Run run, Value?[] given)
    {
        var text = given[0] as TextValue ?? throw JinjaFault.Attribute(given[0]!, "splitlines");
        var width = given[1] is { } most ? Numbers.Int(most) : 79;
        if (width <= 0)
        {
            throw JinjaFault.Value($"invalid width {width} (must be > 0)");
        }

        var wrapper = new WordWrap(width, given[2]?.IsTrue ?? true, given[4]?.IsTrue ?? true);
        var mark = Filters.Given(given[3])?.AsText(run) ?? "\n";
        run.Budget.Work(text.Text.Length);
        var lines = PythonLines.Split(text.Text, keepsEnds: false)
            .Select(line => string.Join(mark, wrapper.Wrap(line)));
        return run.Text(string.Join(mark, lines));
    }
}
