namespace Hone.Data;

/// <summary>The bytes of a stream that have not been used up yet, in one piece that grows on demand.</summary>
internal sealed class ByteBuffer(Stream source)
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>What is at hand.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Uses up the first <paramref name="count"/> bytes.</summary>
    public void Advance(int count) => _start += count;

    /// <summary>Reads on behind what is at hand.</summary>
    /// <returns>Whether anything came; false at the end of the stream.</returns>
    public bool More()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, 2L * _bytes.Length));
        }

        var count = source.Read(_bytes, _end, _bytes.Length - _end);
        _end += count;
        return count > 0;
    }

    /// <summary>Reads on until at least <paramref name="count"/> bytes are at hand, or the stream ends.</summary>
    /// <returns>Whether they are.</returns>
    public bool Ensure(int count)
    {
        while (_end - _start < count)
        {
            if (!More())
            {
                return false;
            }
        }

        return true;
    }
}
