namespace Hone.Data;

/// <summary>Cuts a stream of UTF-8 into lines at LF; a CR before it does not belong to the line.</summary>
internal sealed class LineReader
{
    private readonly ByteBuffer _buffer;
    private int _used;

    /// <summary>Starts at the head of a file.</summary>
    /// <param name="source">Its bytes.</param>
    /// <param name="file">What errors call it.</param>
    public LineReader(Stream source, string file)
    {
        _buffer = new ByteBuffer(source);
        At = new SourceLine(file);
        Utf8Text.SkipByteOrderMark(_buffer, file);
    }

    /// <summary>Where the current line stands.</summary>
    public SourceLine At { get; private set; }

    /// <summary>The current line without its end. Holds until the next <see cref="Advance"/>.</summary>
    public ReadOnlySpan<byte> Line => _buffer.Unread[..Length];

    /// <summary>Whether the current line has an end, or the file just stops.</summary>
    public bool Terminated { get; private set; }

    private int Length { get; set; }

    /// <summary>Goes on to the next line.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Advance()
    {
        _buffer.Advance(_used);
        At = At with { Line = At.Line + 1 };
        var searched = 0;
        int end;
        while ((end = _buffer.Unread[searched..].IndexOf((byte)'\n')) < 0)
        {
            searched = _buffer.Unread.Length;
            if (!_buffer.More())
            {
                Terminated = false;
                Length = _used = searched;
                return searched > 0;
            }
        }

        end += searched;
        Terminated = true;
        _used = end + 1;
        Length = end > 0 && _buffer.Unread[end - 1] == '\r' ? end - 1 : end;
        return true;
    }
}
