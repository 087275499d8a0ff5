namespace Hone.Data.Hub;

/// <summary>Reads the part of YAML that cards are written in: fields and lists by indentation, lists in brackets, plain
/// and quoted text, comments.</summary>
internal sealed class CardYaml
{
    private const int Deepest = 32;

    private readonly List<(int Number, int Indent, string Text)> _lines;
    private readonly string _path;
    private int _at;

    private CardYaml(List<(int Number, int Indent, string Text)> lines, string path) => (_lines, _path) = (lines, path);

    /// <summary>The value of a field of the outermost level; null where there is none.</summary>
    /// <param name="card">The whole file, whose first lines are YAML between two lines of <c>---</c>.</param>
    /// <param name="name">The field.</param>
    /// <param name="path">What messages call the file.</param>
    /// <exception cref="DataException">The field's value is written in another way.</exception>
    public static CardNode? Field(string card, string name, string path)
    {
        var lines = card.ReplaceLineEndings("\n").Split('\n');
        var end = lines is ["---", ..] ? Array.IndexOf(lines, "---", 1) : -1;
        var start = Array.FindIndex(
            lines, 1, Math.Max(0, end - 1), line => line.StartsWith($"{name}:", StringComparison.Ordinal));
        if (start < 0)
        {
            return null;
        }

        // The field goes on while lines are indented, or are items of its list.
        var stop = start + 1;
        while (stop < end && (lines[stop] is "" or [' ', ..] or ['#', ..] || IsItem(lines[stop])))
        {
            stop++;
        }

        var block = new List<(int Number, int Indent, string Text)>();
        for (var index = start; index < stop; index++)
        {
            var text = WithoutComment(lines[index]).TrimEnd();
            var indent = text.Length - text.TrimStart(' ').Length;
            if (text.Length > indent)
            {
                block.Add((index + 1, indent, text[indent..]));
            }
        }

        return ((CardNode.Fields)new CardYaml(block, path).Block(0, 0)).Find(name);
    }

    private CardNode Block(int indent, int depth)
    {
        if (depth > Deepest)
        {
            throw Fail("values must not stand deeper in one another");
        }

        return IsItem(_lines[_at].Text) ? List(indent, depth) : Map(indent, depth);
    }

    private CardNode.Items List(int indent, int depth)
    {
        var line = _lines[_at].Number;
        List<CardNode> items = [];
        while (_at < _lines.Count && _lines[_at].Indent == indent && IsItem(_lines[_at].Text))
        {
            var (number, _, text) = _lines[_at];
            var rest = text[1..].TrimStart();
            if (rest.Length == 0)
            {
                _at++;
                items.Add(Nested(number, indent, depth));
            }
            else if (IsField(rest) || IsItem(rest))
            {
                // The item's first field stands behind the dash; the others below it.
                var inner = indent + text.Length - rest.Length;
                _lines[_at] = (number, inner, rest);
                items.Add(Block(inner, depth + 1));
            }
            else
            {
                _at++;
                items.Add(Scalar(number, rest));
            }
        }

        return new CardNode.Items(line, items);
    }

    private CardNode.Fields Map(int indent, int depth)
    {
        var line = _lines[_at].Number;
        List<(string Name, CardNode Value)> fields = [];
        while (_at < _lines.Count && _lines[_at].Indent == indent && !IsItem(_lines[_at].Text))
        {
            var (number, _, text) = _lines[_at];
            var colon = Colon(text);
            if (colon < 0)
            {
                throw Fail($"a field must be \"name: value\", got \"{text}\"");
            }

            var rest = text[(colon + 1)..].Trim();
            _at++;
            var value = rest.Length == 0 ? Nested(number, indent, depth) : Scalar(number, rest);
            fields.Add((Unquoted(text[..colon]), value));
        }

        return _at < _lines.Count && _lines[_at].Indent > indent
            ? throw Fail($"must not be indented there, got \"{_lines[_at].Text}\"")
            : new CardNode.Fields(line, fields);
    }

    /// <summary>What stands below a name or a dash: deeper, or a list at the name's own depth.</summary>
    private CardNode Nested(int line, int indent, int depth) =>
        _at < _lines.Count
            && (_lines[_at].Indent > indent || (_lines[_at].Indent == indent && IsItem(_lines[_at].Text)))
            ? Block(_lines[_at].Indent, depth + 1)
            : new CardNode.Text(line, "");

    private CardNode Scalar(int line, string text) => text switch
    {
        ['[', .., ']'] => new CardNode.Items(
            line, [.. text[1..^1].Split(',').Select(item => item.Trim()).Where(item => item.Length > 0)
                .Select(item => new CardNode.Text(line, Unquoted(item)))]),
        ['{' or '[' or '&' or '*' or '!' or '|' or '>', ..] =>
            throw new DataException(new SourceLine(_path, line), $"must be plain text, a list or fields, got "
                + $"\"{text}\""),
        _ => new CardNode.Text(line, Unquoted(text)),
    };

    private DataException Fail(string what) =>
        new(new SourceLine(_path, _lines[Math.Min(_at, _lines.Count - 1)].Number), what);

    private static bool IsItem(string text) => text is "-" or ['-', ' ', ..];

    private static bool IsField(string text) => text is not ['"' or '\'' or '[' or '{', ..] && Colon(text) > 0;

    private static int Colon(string text) =>
        text.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var found ? found
        : text.EndsWith(':') ? text.Length - 1
        : -1;

    private static string Unquoted(string text) => text.Trim() switch
    {
        ['"', .., '"'] and { Length: > 1 } quoted => quoted[1..^1],
        ['\'', .., '\''] and { Length: > 1 } quoted => quoted[1..^1].Replace("''", "'", StringComparison.Ordinal),
        var plain => plain,
    };

    private static string WithoutComment(string line) =>
        line.StartsWith('#') ? "" : line.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var at ? line[..at] : line;
}
