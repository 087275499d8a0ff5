namespace Hone.Text.Chat.Jinja;

/// <summary><c>'{} {name.key[0]!r:&gt;8}'.format(…)</c>, which looks attributes up as the sandbox does.</summary>
internal sealed class FormatString(Arguments arguments, Run run)
{
    private int? _next = 0;

    /// <summary>The text with the arguments in it.</summary>
    /// <param name="format">The text.</param>
    /// <param name="depth">How deep fields may stand in fields.</param>
    /// <exception cref="JinjaFault">They do not fit.</exception>
    public string Apply(string format, int depth = 2)
    {
        if (depth < 0)
        {
            throw JinjaFault.Value("Max string recursion exceeded");
        }

        var result = new TextSink(run);
        for (var index = 0; index < format.Length;)
        {
            var letter = format[index++];
            if (letter is not ('{' or '}'))
            {
                result.Append(letter);
            }
            else if (index < format.Length && format[index] == letter)
            {
                result.Append(letter);
                index++;
            }
            else if (letter == '}')
            {
                throw JinjaFault.Value("Single '}' encountered in format string");
            }
            else
            {
                var end = EndOf(format, index);
                result.Append(Field(format[index..end], depth));
                index = end + 1;
            }
        }

        return result.ToString();
    }

    private static int EndOf(string format, int start)
    {
        if (start >= format.Length)
        {
            throw JinjaFault.Value("Single '{' encountered in format string");
        }

        var depth = 1;
        for (var index = start; index < format.Length; index++)
        {
            depth += format[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return index;
            }
        }

        throw JinjaFault.Value("expected '}' before end of string");
    }

    private string Field(string field, int depth)
    {
        // A bracket may hold a colon: [a:b] is a key.
        var (end, inside) = (0, false);
        for (; end < field.Length && (inside || field[end] is not ('!' or ':')); end++)
        {
            inside = field[end] == '[' || (inside && field[end] != ']');
        }

        var name = field[..end];
        var conversion = ' ';
        if (end < field.Length && field[end] == '!')
        {
            conversion = end + 1 < field.Length
                ? field[end + 1]
                : throw JinjaFault.Value("end of string while looking for conversion specifier");
            end += 2;
            if (end < field.Length && field[end] != ':')
            {
                throw JinjaFault.Value("expected ':' after conversion specifier");
            }
        }

        var specification = end < field.Length ? field[(end + 1)..] : "";
        var value = Value(name);
        value = conversion switch
        {
            ' ' => value,
            's' => run.Text(value.AsText(run)),
            'r' or 'a' => run.Text(Repr.Of(value, run)),
            _ => throw JinjaFault.Value($"Unknown conversion specifier {conversion}"),
        };
        return ValueFormat.Apply(value, Apply(specification, depth - 1), run);
    }

    private Value Value(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[') is >= 0 and var found ? found : name.Length;
        var value = First(name[..end]);
        while (end < name.Length)
        {
            var isAttribute = name[end++] == '.';
            var close = isAttribute
                ? name.AsSpan(end).IndexOfAny('.', '[') is >= 0 and var next ? end + next : name.Length
                : name.IndexOf(']', end);
            if (close < 0)
            {
                throw JinjaFault.Value("Missing ']' in format string");
            }

            var part = name[end..close];
            if (part.Length == 0)
            {
                throw JinjaFault.Value("Empty attribute in format string");
            }

            value = isAttribute
                ? Lookup.Attribute(value, new TextValue(part), run)
                : Lookup.Item(
                    value,
                    Lookup.PathOf(new TextValue(part), run) is [IntegerValue place] ? place : new TextValue(part),
                    run);
            end = isAttribute ? close : close + 1;
        }

        return value;
    }

    private Value First(string name)
    {
        if (name.Length > 0 && !name.All(char.IsAsciiDigit))
        {
            return arguments.Find(name) ?? throw new JinjaFault("KeyError", PythonText.Quote(name));
        }

        var isAutomatic = name.Length == 0;
        if (isAutomatic ? _next is null : _next > 0)
        {
            throw JinjaFault.Value(isAutomatic
                ? "cannot switch from manual field specification to automatic field numbering"
                : "cannot switch from automatic field numbering to manual field specification");
        }

        var place = isAutomatic ? _next!.Value : int.TryParse(name, out var given) ? given : int.MaxValue;
        _next = isAutomatic ? place + 1 : null;
        return place < arguments.Positional.Count
            ? arguments.Positional[place]
            : throw new JinjaFault("IndexError", "tuple index out of range");
    }
}
