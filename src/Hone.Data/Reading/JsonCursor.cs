using System.Buffers;
using System.Text.Json;

namespace Hone.Data;

/// <summary>Walks through a JSON file value by value. It finds where each ends; <see cref="JsonScanner"/> judges
/// it.</summary>
internal sealed class JsonCursor
{
    private static readonly SearchValues<byte> Brackets = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",:{}[]\" \t\r\n"u8);
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    private readonly ByteBuffer _buffer;

    /// <summary>Starts at the head of a file.</summary>
    public JsonCursor(Stream source, string file)
    {
        _buffer = new ByteBuffer(source);
        At = new SourceLine(file, 1);
        Utf8Text.SkipByteOrderMark(_buffer, file);
    }

    /// <summary>The line of the next byte.</summary>
    public SourceLine At { get; private set; }

    /// <summary>The column of the next byte.</summary>
    public long Column { get; private set; } = 1;

    /// <summary>An error at the next byte.</summary>
    public DataException Fail(string message) => new(At, message, Column);

    /// <summary>Skips blanks and returns the next byte without taking it; −1 at the end of the file.</summary>
    public int Peek()
    {
        while (true)
        {
            var next = _buffer.Unread.IndexOfAnyExcept(Blanks);
            Advance(next < 0 ? _buffer.Unread.Length : next);
            if (next >= 0)
            {
                return _buffer.Unread[0];
            }

            if (!_buffer.More())
            {
                return -1;
            }
        }
    }

    /// <summary>Takes the byte that <see cref="Peek"/> saw.</summary>
    public void Take() => Advance(1);

    /// <summary>Takes one byte that must come.</summary>
    /// <param name="wanted">The byte.</param>
    /// <param name="inside">What the file ends inside of if it ends here.</param>
    /// <param name="otherwise">What to say if another byte comes.</param>
    public void Expect(char wanted, string inside, string otherwise)
    {
        var next = Peek();
        if (next != wanted)
        {
            throw Fail(next < 0 ? $"the file ends inside {inside}" : otherwise);
        }

        Take();
    }

    /// <summary>Takes the key of an object's field.</summary>
    public string Key()
    {
        var next = Peek();
        if (next != '"')
        {
            throw Fail(next switch
            {
                < 0 => "the file ends inside an object",
                '}' => "a trailing comma before \"}\"",
                _ => "a key must begin with a double quote",
            });
        }

        return Value().GetString()!;
    }

    /// <summary>Takes the next value.</summary>
    public JsonElement Value()
    {
        if (Peek() < 0)
        {
            throw Fail("the file ends inside an array or object");
        }

        var length = ValueLength();
        var value = new JsonScanner(_buffer.Unread[..length], At, Column, "file").Parse();
        Advance(length);
        return value;
    }

    private void Advance(int count)
    {
        (At, Column) = Utf8Text.Locate(_buffer.Unread, count, At, Column);
        _buffer.Advance(count);
    }

    private int ValueLength()
    {
        if (!Brackets.Contains(_buffer.Unread[0]))
        {
            return Math.Max(1, Find(ScalarEnds, 0));
        }

        var depth = 0;
        var at = 0;
        while (at < _buffer.Unread.Length)
        {
            switch (_buffer.Unread[at++])
            {
                case (byte)'"':
                    at = StringLength(at);
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            if (depth <= 0)
            {
                return at;
            }

            at = Find(Brackets, at);
        }

        return at;
    }

    private int StringLength(int at)
    {
        while ((at = Find(StringEnds, at)) < _buffer.Unread.Length)
        {
            if (_buffer.Unread[at] == '"')
            {
                return at + 1;
            }

            at += 2;
            if (at > _buffer.Unread.Length && !_buffer.More())
            {
                return _buffer.Unread.Length;
            }
        }

        return at;
    }

    /// <summary>The offset of the next of <paramref name="wanted"/> from <paramref name="at"/> on; the length of the
    /// rest if there is none.</summary>
    private int Find(SearchValues<byte> wanted, int at)
    {
        while (true)
        {
            var next = _buffer.Unread[at..].IndexOfAny(wanted);
            if (next >= 0)
            {
                return at + next;
            }

            at = _buffer.Unread.Length;
            if (!_buffer.More())
            {
                return at;
            }
        }
    }
}
