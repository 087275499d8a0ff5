using System.Text.Json;

namespace Hone.Data;

/// <summary>Reads one JSON value as RFC 8259 has it and nothing else, and says what is wrong and where when it is not:
/// no NaN, no trailing commas, no key twice, no lone surrogates, no real numbers beyond a double.</summary>
/// <param name="text">UTF-8 that begins with the value.</param>
/// <param name="start">Where the text begins.</param>
/// <param name="startColumn">The column it begins at.</param>
/// <param name="whole">What ends when the text ends: the line or the file.</param>
internal ref struct JsonScanner(ReadOnlySpan<byte> text, SourceLine start, long startColumn, string whole)
{
    /// <summary>How deep arrays and objects may stand in one another.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly SourceLine _start = start;
    private readonly string _whole = whole;
    private readonly JsonTokens _tokens = new(text, start, startColumn, whole);
    private int _at;
    private bool _checkKeys;

    /// <summary>Parses a text that holds one value, with blanks around it.</summary>
    /// <exception cref="DataException">It is not JSON; the message says why, the line and column say where.</exception>
    public JsonElement Parse()
    {
        Scan();
        try
        {
            return JsonElement.Parse(_text, Strict);
        }
        catch (JsonException twice)
        {
            (_at, _checkKeys) = (0, true);
            Scan();
            throw _tokens.Fail(0, $"not JSON: {twice.Message}");
        }
    }

    private void Scan()
    {
        Utf8Text.Require(_text, _start);
        SkipBlanks();
        Value(0);
        SkipBlanks();
        if (_at < _text.Length)
        {
            throw _tokens.Fail(_at, _whole == "line"
                ? "the line goes on after the value; each line must hold one object"
                : "the file goes on after the value; one object a line would be a .jsonl file");
        }
    }

    private void SkipBlanks()
    {
        var next = _text[_at..].IndexOfAnyExcept(JsonTokens.Blanks);
        _at = next < 0 ? _text.Length : _at + next;
    }

    private void Value(int depth)
    {
        if (_at == _text.Length)
        {
            throw _tokens.Ends(depth == 0 ? "a value" : "an object or array");
        }

        switch (_text[_at])
        {
            case (byte)'{':
                Nested(depth, (byte)'}', "an object");
                break;
            case (byte)'[':
                Nested(depth, (byte)']', "an array");
                break;
            case (byte)'"':
                _at = _tokens.String(_at);
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                _at = _tokens.Number(_at);
                break;
            default:
                _at = _tokens.Literal(_at);
                break;
        }
    }

    private void Nested(int depth, byte close, string what)
    {
        if (depth == MaxDepth)
        {
            throw _tokens.Fail(_at, $"nested more than {MaxDepth} levels deep");
        }

        _at++;
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == close)
        {
            _at++;
            return;
        }

        var keys = _checkKeys && close == '}' ? new HashSet<string>() : null;
        while (true)
        {
            if (close == '}')
            {
                Key(keys);
            }

            Value(depth + 1);
            SkipBlanks();
            if (_at == _text.Length)
            {
                throw _tokens.Ends(what);
            }

            if (_text[_at] == close)
            {
                _at++;
                return;
            }

            Comma(close, what);
        }
    }

    private void Comma(byte close, string what)
    {
        if (_text[_at] != ',')
        {
            throw _tokens.Fail(_at, $"a comma or \"{(char)close}\" must follow in {what}");
        }

        _at++;
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == close)
        {
            throw _tokens.Fail(_at, $"a trailing comma before \"{(char)close}\"");
        }
    }

    private void Key(HashSet<string>? keys)
    {
        if (_at == _text.Length)
        {
            throw _tokens.Ends("an object");
        }

        if (_text[_at] != '"')
        {
            throw _tokens.Fail(_at, "a key must begin with a double quote");
        }

        var key = _at;
        _at = _tokens.String(_at);
        if (keys is not null)
        {
            var name = JsonElement.Parse(_text[key.._at]).GetString()!;
            if (!keys.Add(name))
            {
                throw _tokens.Fail(key, $"key \"{name}\" occurs twice in one object");
            }
        }

        SkipBlanks();
        if (_at == _text.Length)
        {
            throw _tokens.Ends("an object");
        }

        if (_text[_at] != ':')
        {
            throw _tokens.Fail(_at, "a colon must follow the key");
        }

        _at++;
        SkipBlanks();
    }
}
