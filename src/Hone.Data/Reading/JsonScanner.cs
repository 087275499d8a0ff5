using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Hone.Data;

/// <summary>Reads one JSON value as RFC 8259 has it and nothing else, and says what is wrong and where when it is not:
/// no NaN, no trailing commas, no key twice, no lone surrogates, no numbers beyond a double.</summary>
/// <param name="text">UTF-8 that begins with the value.</param>
/// <param name="start">Where the text begins.</param>
/// <param name="startColumn">The column it begins at.</param>
/// <param name="whole">What ends when the text ends: the line or the file.</param>
internal ref struct JsonScanner(ReadOnlySpan<byte> text, SourceLine start, long startColumn, string whole)
{
    /// <summary>How deep arrays and objects may stand in one another.</summary>
    public const int MaxDepth = 256;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly ReadOnlySpan<byte> _text = text;
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
            throw Fail(0, $"not JSON: {twice.Message}");
        }
    }

    private void Scan()
    {
        Utf8Text.Require(_text, start);
        SkipBlanks();
        Value(0);
        SkipBlanks();
        if (_at < _text.Length)
        {
            throw Fail(_at, whole == "line"
                ? "the line goes on after the value; each line must hold one object"
                : "the file goes on after the value; one object a line would be a .jsonl file");
        }
    }

    private readonly DataException Fail(int offset, string message)
    {
        var (at, column) = Utf8Text.Locate(_text, offset, start, startColumn);
        return new DataException(at, message, column);
    }

    private readonly DataException Ends(string inside) => Fail(_text.Length, $"the {whole} ends inside {inside}");

    private void SkipBlanks()
    {
        var next = _text[_at..].IndexOfAnyExcept(Blanks);
        _at = next < 0 ? _text.Length : _at + next;
    }

    private void Value(int depth)
    {
        if (_at == _text.Length)
        {
            throw Ends(depth == 0 ? "a value" : "an object or array");
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
                String();
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                Number();
                break;
            default:
                Literal();
                break;
        }
    }

    private void Nested(int depth, byte close, string what)
    {
        if (depth == MaxDepth)
        {
            throw Fail(_at, $"nested more than {MaxDepth} levels deep");
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
                throw Ends(what);
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
            throw Fail(_at, $"a comma or \"{(char)close}\" must follow in {what}");
        }

        _at++;
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == close)
        {
            throw Fail(_at, $"a trailing comma before \"{(char)close}\"");
        }
    }

    private void Key(HashSet<string>? keys)
    {
        if (_at == _text.Length)
        {
            throw Ends("an object");
        }

        if (_text[_at] != '"')
        {
            throw Fail(_at, "a key must begin with a double quote");
        }

        var key = _at;
        String();
        if (keys is not null)
        {
            var name = JsonElement.Parse(_text[key.._at]).GetString()!;
            if (!keys.Add(name))
            {
                throw Fail(key, $"key \"{name}\" occurs twice in one object");
            }
        }

        SkipBlanks();
        if (_at == _text.Length)
        {
            throw Ends("an object");
        }

        if (_text[_at] != ':')
        {
            throw Fail(_at, "a colon must follow the key");
        }

        _at++;
        SkipBlanks();
    }

    private void String()
    {
        _at++;
        while (true)
        {
            var stop = _text[_at..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                throw Ends("a string");
            }

            _at += stop;
            switch (_text[_at])
            {
                case (byte)'"':
                    _at++;
                    return;
                case (byte)'\\':
                    Escape();
                    break;
                case (byte)'\n':
                    throw Fail(_at, "a line end inside a string");
                case 0:
                    throw Fail(_at, "a NUL byte inside a string");
                default:
                    throw Fail(_at, $"control character 0x{_text[_at]:X2} inside a string; write it as an escape");
            }
        }
    }

    private void Escape()
    {
        var begin = _at;
        if (_at + 1 == _text.Length)
        {
            throw Ends("a string");
        }

        var kind = _text[_at + 1];
        _at += 2;
        if (kind != 'u')
        {
            if ("\"\\/bfnrt"u8.Contains(kind))
            {
                return;
            }

            Rune.DecodeFromUtf8(_text[(begin + 1)..], out var rune, out _);
            throw Fail(begin, $"unknown escape \"\\{rune}\"");
        }

        var unit = Hex(begin);
        if (char.IsHighSurrogate(unit) && _text[_at..] is [(byte)'\\', (byte)'u', ..])
        {
            var second = _at;
            _at += 2;
            if (char.IsLowSurrogate(Hex(second)))
            {
                return;
            }
        }

        if (char.IsSurrogate(unit))
        {
            throw Fail(begin, "a lone surrogate is no character");
        }
    }

    private char Hex(int begin)
    {
        var digits = _text.Slice(_at, Math.Min(4, _text.Length - _at));
        if (!Utf8Parser.TryParse(digits, out ushort unit, out var used, 'x') || used != 4)
        {
            throw Fail(begin, "four hexadecimal digits must follow \"\\u\"");
        }

        _at += 4;
        return (char)unit;
    }

    private void Number()
    {
        var begin = _at;
        _at += _text[_at] == '-' ? 1 : 0;
        var isInfinity = _at < _text.Length && _text[_at] == 'I';
        var digits = Digits(isInfinity ? "the minus sign; Infinity is not JSON" : "the minus sign");
        if (digits > 1 && _text[_at - digits] == '0')
        {
            throw Fail(begin, "a number must not begin with 0");
        }

        var real = false;
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            Digits("the dot");
            real = true;
        }

        if (_at < _text.Length && (_text[_at] | 0x20) == 'e')
        {
            _at++;
            _at += _at < _text.Length && _text[_at] is (byte)'+' or (byte)'-' ? 1 : 0;
            Digits("the exponent's sign");
            real = true;
        }

        var number = _text[begin.._at];
        if (real && (!Utf8Parser.TryParse(number, out double value, out _) || !double.IsFinite(value)))
        {
            throw Fail(begin, $"{Encoding.ASCII.GetString(number)} is beyond the range of a double");
        }

        if (_at < _text.Length && !(Blanks.Contains(_text[_at]) || ",]}"u8.Contains(_text[_at])))
        {
            throw Fail(_at, "the number is followed by something that does not belong to it");
        }
    }

    private int Digits(string after)
    {
        var count = _text[_at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        count = count < 0 ? _text.Length - _at : count;
        if (count == 0)
        {
            throw Fail(_at, $"digits must follow {after}");
        }

        _at += count;
        return count;
    }

    private void Literal()
    {
        foreach (var word in (ReadOnlySpan<string>)["true", "false", "null"])
        {
            var rest = _text[_at..];
            if (Ascii.Equals(rest[..Math.Min(word.Length, rest.Length)], word)
                && (rest.Length == word.Length || !char.IsAsciiLetterOrDigit((char)rest[word.Length])))
            {
                _at += word.Length;
                return;
            }
        }

        throw Fail(_at, _text[_at] switch
        {
            0 => "a NUL byte; the file was damaged, as by a full disk",
            (byte)'N' or (byte)'I' => "NaN and Infinity are not JSON",
            (byte)'\'' => "a string must begin with a double quote",
            (byte)'+' => "a number must not begin with a plus sign",
            (byte)'/' or (byte)'#' => "this is no JSON value; JSON has no comments",
            _ => "this is no JSON value",
        });
    }
}
