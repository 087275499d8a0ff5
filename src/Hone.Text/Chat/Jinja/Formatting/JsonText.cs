using System.Globalization;

namespace Hone.Text.Chat.Jinja;

/// <summary>Values as JSON, as Python's <c>json.dumps</c> writes them.</summary>
/// <param name="options">How.</param>
/// <param name="run">The rendering.</param>
internal sealed class JsonText(JsonTextOptions options, Run run)
{
    private readonly TextSink _sink = new(run);
    private int _depth;

    /// <summary>The value as JSON.</summary>
    /// <exception cref="JinjaFault">It holds what JSON has no form for.</exception>
    public static TextValue Of(Value value, JsonTextOptions options, Run run)
    {
        var text = new JsonText(options, run);
        text.Write(value);
        return new TextValue(text._sink.ToString());
    }

    private void Write(Value value)
    {
        run.CheckStack();
        switch (value)
        {
            case TextValue text:
                WriteString(text.Text);
                break;
            case NoneValue or BoolValue or IntegerValue or FloatValue:
                _sink.Append(Scalar(value)!);
                break;
            case ListValue list:
                WriteList(list.Values);
                break;
            case TupleValue tuple:
                WriteList(tuple.Values);
                break;
            case DictValue dict:
                WriteDict(dict);
                break;
            default:
                throw JinjaFault.Type($"Object of type {value.TypeName} is not JSON serializable");
        }
    }

    private static string? Scalar(Value value) => value switch
    {
        NoneValue => "null",
        BoolValue truth => truth.IsTrue ? "true" : "false",
        IntegerValue integer => IntegerValue.Spell(integer.Number),
        FloatValue { Number: var real } when !double.IsFinite(real) =>
            double.IsNaN(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity",
        FloatValue { Number: var real } => FloatText.Shortest(real),
        _ => null,
    };

    private void WriteList(IReadOnlyList<Value> items)
    {
        if (items.Count == 0)
        {
            _sink.Append("[]");
            return;
        }

        Open('[');
        for (var index = 0; index < items.Count; index++)
        {
            Separate(index);
            Write(items[index]);
        }

        Close(']');
    }

    private void WriteDict(DictValue dict)
    {
        if (dict.Entries.Count == 0)
        {
            _sink.Append("{}");
            return;
        }

        Open('{');
        var index = 0;
        foreach (var (key, value) in Entries(dict))
        {
            Separate(index++);
            WriteString(key is TextValue text ? text.Text : Scalar(key) ?? throw JinjaFault.Type(
                $"keys must be str, int, float, bool or None, not {key.TypeName}"));
            _sink.Append(options.KeySeparator);
            Write(value);
        }

        Close('}');
    }

    private IEnumerable<KeyValuePair<Value, Value>> Entries(DictValue dict) => !options.SortsKeys
        ? dict.Entries
        : Sorting.Sort(dict.Entries.ToList(), entry => entry.Key, isReversed: false, run);

    private void Open(char bracket)
    {
        _sink.Append(bracket);
        _depth++;
        NewLine();
    }

    private void Close(char bracket)
    {
        _depth--;
        NewLine();
        _sink.Append(bracket);
    }

    private void Separate(int index)
    {
        if (index > 0)
        {
            _sink.Append(options.ItemSeparator);
            NewLine();
        }
    }

    private void NewLine()
    {
        if (options.Indent is not { } indent)
        {
            return;
        }

        _sink.Append('\n');
        for (var level = 0; level < _depth; level++)
        {
            _sink.Append(indent);
        }
    }

    private void WriteString(string text)
    {
        _sink.Append('"');
        var start = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (Escape(text[index]) is { } escape)
            {
                _sink.Append(text.AsSpan(start, index - start)).Append(escape);
                start = index + 1;
            }
        }

        _sink.Append(text.AsSpan(start)).Append('"');
    }

    private string? Escape(char letter) => letter switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\f' => "\\f",
        '\b' => "\\b",
        < ' ' => Hexadecimal(letter),
        >= '\x7f' when options.EnsuresAscii => Hexadecimal(letter),
        _ => null,
    };

    private static string Hexadecimal(char letter) =>
        string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
}
