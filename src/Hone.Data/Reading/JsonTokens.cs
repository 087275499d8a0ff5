using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Hone.Data;

/// <summary>The tokens of a JSON text that hold no others, as RFC 8259 has them, and what is wrong with those that do
/// not fit: strings without lone surrogates, numbers, of which real ones are in the range of a double, and <c>true</c>,
/// <c>false</c>, <c>null</c>.</summary>
/// <param name="text">The text, UTF-8.</param>
/// <param name="start">Where the text begins.</param>
/// <param name="startColumn">The column it begins at.</param>
/// <param name="whole">What ends when the text ends: the line or the file.</param>
internal readonly ref struct JsonTokens(ReadOnlySpan<byte> text, SourceLine start, long startColumn, string whole)
{
    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000b\u000c\r\u000e\u000f"u8
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\"u8);

    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>What may stand between tokens.</summary>
    public static SearchValues<byte> Blanks { get; } = SearchValues.Create(" \t\r\n"u8);

    /// <summary>The error at a place of the text.</summary>
    public DataException Fail(int offset, string message)
    {
        var (at, column) = Utf8Text.Locate(_text, offset, start, startColumn);
        return new DataException(at, message, column);
    }

    /// <summary>The error of a text that ends too early.</summary>
    public DataException Ends(string inside) => Fail(_text.Length, $"the {whole} ends inside {inside}");

    /// <summary>Reads a string.</summary>
    /// <param name="at">Where its first quote stands.</param>
    /// <returns>The place behind it.</returns>
    public int String(int at)
    {
        at++;
        while (true)
        {
            var stop = _text[at..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                throw Ends("a string");
            }

            at += stop;
            switch (_text[at])
            {
                case (byte)'"':
                    return at + 1;
                case (byte)'\\':
                    at = Escape(at);
                    break;
                case (byte)'\n':
                    throw Fail(at, "a line end inside a string");
                case 0:
                    throw Fail(at, "a NUL byte inside a string");
                default:
                    throw Fail(at, $"control character 0x{_text[at]:X2} inside a string; write it as an escape");
            }
        }
    }

    /// <summary>Reads a number.</summary>
    /// <param name="at">Where its sign or first digit stands.</param>
    /// <returns>The place behind it.</returns>
    public int Number(int at)
    {
        var begin = at;
        at += _text[at] == '-' ? 1 : 0;
        var isInfinity = at < _text.Length && _text[at] == 'I';
        var first = at;
        at = Digits(at, isInfinity ? "the minus sign; Infinity is not JSON" : "the minus sign");
        if (at - first > 1 && _text[first] == '0')
        {
            throw Fail(begin, "a number must not begin with 0");
        }

        var real = false;
        if (at < _text.Length && _text[at] == '.')
        {
            at = Digits(at + 1, "the dot");
            real = true;
        }

        if (at < _text.Length && (_text[at] | 0x20) == 'e')
        {
            at++;
            at += at < _text.Length && _text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            at = Digits(at, "the exponent's sign");
            real = true;
        }

        var number = _text[begin..at];
        if (real && (!Utf8Parser.TryParse(number, out double value, out _) || !double.IsFinite(value)))
        {
            throw Fail(begin, $"{Encoding.ASCII.GetString(number)} is beyond the range of a double");
        }

        return at == _text.Length || Blanks.Contains(_text[at]) || ",]}"u8.Contains(_text[at])
            ? at
            : throw Fail(at, "the number is followed by something that does not belong to it");
    }

    /// <summary>Reads one of the three words.</summary>
    /// <param name="at">Where it begins.</param>
    /// <returns>The place behind it.</returns>
    public int Literal(int at)
    {
        foreach (var word in (ReadOnlySpan<string>)["true", "false", "null"])
        {
            var rest = _text[at..];
            if (Ascii.Equals(rest[..Math.Min(word.Length, rest.Length)], word)
                && (rest.Length == word.Length || !char.IsAsciiLetterOrDigit((char)rest[word.Length])))
            {
                return at + word.Length;
            }
        }

        throw Fail(at, _text[at] switch
        {
            0 => "a NUL byte; the file was damaged, as by a full disk",
            (byte)'N' or (byte)'I' => "NaN and Infinity are not JSON",
            (byte)'\'' => "a string must begin with a double quote",
            (byte)'+' => "a number must not begin with a plus sign",
            (byte)'/' or (byte)'#' => "this is no JSON value; JSON has no comments",
            _ => "this is no JSON value",
        });
    }

    private int Escape(int begin)
    {
        if (begin + 1 == _text.Length)
        {
            throw Ends("a string");
        }

        var kind = _text[begin + 1];
        var at = begin + 2;
        if (kind != 'u')
        {
            if ("\"\\/bfnrt"u8.Contains(kind))
            {
                return at;
            }

            Rune.DecodeFromUtf8(_text[(begin + 1)..], out var rune, out _);
            throw Fail(begin, $"unknown escape \"\\{rune}\"");
        }

        var unit = Hex(begin, at);
        at += 4;
        if (char.IsHighSurrogate(unit) && _text[at..] is [(byte)'\\', (byte)'u', ..]
            && char.IsLowSurrogate(Hex(at, at + 2)))
        {
            return at + 6;
        }

        return char.IsSurrogate(unit) ? throw Fail(begin, "a lone surrogate is no character") : at;
    }

    /// <summary>Four digits of an escape that begins at <paramref name="escape"/>.</summary>
    private char Hex(int escape, int at)
    {
        var digits = _text.Slice(at, Math.Min(4, _text.Length - at));
        return Utf8Parser.TryParse(digits, out ushort unit, out var used, 'x') && used == 4
            ? (char)unit
            : throw Fail(escape, "four hexadecimal digits must follow \"\\u\"");
    }

    /// <summary>The place behind the digits that must stand here.</summary>
    private int Digits(int at, string after)
    {
        var count = _text[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        count = count < 0 ? _text.Length - at : count;
        return count > 0 ? at + count : throw Fail(at, $"digits must follow {after}");
    }
}
