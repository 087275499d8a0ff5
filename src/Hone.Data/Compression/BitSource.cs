namespace Hone.Data;

/// <summary>Bits of a stream, least significant first, as DEFLATE has them. Knows exactly how far it has
/// read.</summary>
internal sealed class BitSource(Stream source)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _next;
    private int _filled;
    private ulong _bits;
    private int _count;

    /// <summary>Bits that are at hand without reading on.</summary>
    public int Available => _count;

    /// <summary>Fetches until at least <paramref name="wanted"/> (at most 32) bits are at hand, or the stream
    /// ends.</summary>
    /// <returns>Whether they are.</returns>
    public bool Ensure(int wanted)
    {
        while (_count < wanted)
        {
            if (_next == _filled)
            {
                _filled = source.Read(_buffer, 0, _buffer.Length);
                _next = 0;
                if (_filled == 0)
                {
                    return false;
                }
            }

            _bits |= (ulong)_buffer[_next++] << _count;
            _count += 8;
        }

        return true;
    }

    /// <summary>The next bits without taking them; beyond the end they are zero.</summary>
    public uint Peek(int count) => (uint)(_bits & ((1UL << count) - 1));

    /// <summary>Takes bits that are at hand.</summary>
    public void Skip(int count)
    {
        _bits >>= count;
        _count -= count;
    }

    /// <summary>Drops the bits up to the next byte boundary.</summary>
    public void Align() => Skip(_count & 7);

    /// <summary>The next byte, at a byte boundary; −1 at the end.</summary>
    public int ReadByte()
    {
        if (!Ensure(8))
        {
            return -1;
        }

        var value = (int)Peek(8);
        Skip(8);
        return value;
    }
}
