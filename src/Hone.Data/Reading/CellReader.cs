using System.Buffers;

namespace Hone.Data;

/// <summary>Cuts a file into rows of cells as RFC 4180 has it. A row ends with LF, CRLF or CR.</summary>
/// <param name="buffer">The file's bytes.</param>
/// <param name="file">What errors call it.</param>
/// <param name="separator">What stands between two cells.</param>
/// <param name="quotes">Whether a double quote opens a quoted cell.</param>
internal sealed class CellReader(ByteBuffer buffer, string file, byte separator, bool quotes)
{
    private readonly SearchValues<byte> _stops = SearchValues.Create(
        quotes ? [separator, (byte)'\r', (byte)'\n', (byte)'"'] : [separator, (byte)'\r', (byte)'\n']);

    private readonly SearchValues<byte> _quote = SearchValues.Create("\""u8);
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<(int Start, SourceLine At, long Column)> _cells = [];
    private SourceLine _at = new(file, 1);
    private long _column = 1;

    /// <summary>Where the current row begins.</summary>
    public SourceLine At { get; private set; }

    /// <summary>How many cells the current row has.</summary>
    public int Count => _cells.Count;

    /// <summary>The text of a cell of the current row, known to be UTF-8.</summary>
    public ReadOnlySpan<byte> this[int cell] =>
        _text.WrittenSpan[_cells[cell].Start..(cell + 1 < Count ? _cells[cell + 1].Start : _text.WrittenCount)];

    /// <summary>Goes on to the next row that is not a blank line.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Advance()
    {
        do
        {
            if (!buffer.Ensure(1))
            {
                return false;
            }
        }
        while (TakeLineEnd());

        At = _at;
        _text.ResetWrittenCount();
        _cells.Clear();
        do
        {
            ReadCell();
        }
        while (TakeSeparator());

        TakeLineEnd();
        return true;
    }

    private DataException Fail(string message) => new(_at, message, _column);

    private void ReadCell()
    {
        _cells.Add((_text.WrittenCount, _at, _column));
        if (quotes && buffer.Ensure(1) && buffer.Unread[0] == '"')
        {
            ReadQuoted();
        }
        else
        {
            Keep(Find(_stops));
            if (quotes && buffer.Ensure(1) && buffer.Unread[0] == '"')
            {
                throw Fail(
                    "a quote inside a cell that does not begin with one; quote the whole cell and double the quote");
            }
        }

        var (start, at, column) = _cells[^1];
        Utf8Text.Require(_text.WrittenSpan[start..], at, column);
    }

    private void ReadQuoted()
    {
        var (begin, column) = (_at, _column);
        Drop(1);
        while (true)
        {
            Keep(Find(_quote));
            if (!buffer.Ensure(1))
            {
                throw new DataException(begin, "the quoted cell that begins here is not closed", column);
            }

            Drop(1);
            if (!buffer.Ensure(1) || buffer.Unread[0] == separator || buffer.Unread[0] is (byte)'\r' or (byte)'\n')
            {
                return;
            }

            if (buffer.Unread[0] != '"')
            {
                throw Fail("a separator or line end must follow the closing quote");
            }

            Keep(1);
        }
    }

    private int Find(SearchValues<byte> wanted)
    {
        var from = 0;
        while (true)
        {
            var next = buffer.Unread[from..].IndexOfAny(wanted);
            if (next >= 0)
            {
                return from + next;
            }

            from = buffer.Unread.Length;
            if (!buffer.More())
            {
                return from;
            }
        }
    }

    private void Keep(int count)
    {
        _text.Write(buffer.Unread[..count]);
        Drop(count);
    }

    private void Drop(int count)
    {
        (_at, _column) = Utf8Text.Locate(buffer.Unread, count, _at, _column);
        buffer.Advance(count);
    }

    private bool TakeSeparator()
    {
        var comes = buffer.Ensure(1) && buffer.Unread[0] == separator;
        Drop(comes ? 1 : 0);
        return comes;
    }

    private bool TakeLineEnd()
    {
        var length = !buffer.Ensure(1)
            ? 0
            : buffer.Unread[0] == '\n'
                ? 1
                : buffer.Unread[0] != '\r'
                    ? 0
                    : buffer.Ensure(2) && buffer.Unread[1] == '\n' ? 2 : 1;
        buffer.Advance(length);
        if (length > 0)
        {
            (_at, _column) = (_at with { Line = _at.Line + 1 }, 1);
        }

        return length > 0;
    }
}
