namespace Hone.Data;

/// <summary>The last decoded bytes of a Zstandard frame, as far back as it may refer. Grows with what is decoded, not
/// with what the header asks for.</summary>
/// <param name="size">How far back, in bytes.</param>
internal sealed class ZstdWindow(int size)
{
    private byte[] _bytes = new byte[2 * ZstdBlock.Largest];
    private int _end;
    private int _taken;

    /// <summary>What was decoded since this was last asked for. Holds until the next block is decoded.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var taken = _taken;
        _taken = _end;
        return _bytes.AsMemory(taken, _end - taken);
    }

    /// <summary>Makes room for a block.</summary>
    public void Reserve()
    {
        if (_bytes.Length - _end >= ZstdBlock.Largest)
        {
            return;
        }

        if (_end >= size + (long)ZstdBlock.Largest)
        {
            _bytes.AsSpan(_end - size, size).CopyTo(_bytes);
            _taken -= _end - size;
            _end = size;
        }

        if (_bytes.Length - _end < ZstdBlock.Largest)
        {
            Array.Resize(ref _bytes, (int)Math.Min(2L * _bytes.Length, size + (4L * ZstdBlock.Largest)));
        }
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Appends one byte many times.</summary>
    public void Fill(byte value, int count)
    {
        _bytes.AsSpan(_end, count).Fill(value);
        _end += count;
    }

    /// <summary>Appends what was decoded so far back.</summary>
    /// <exception cref="InvalidDataException">It reaches back before the start.</exception>
    public void Repeat(uint distance, int length)
    {
        if (distance == 0 || distance > (uint)_end)
        {
            throw new InvalidDataException("a match reaches back before the start");
        }

        var from = _end - (int)distance;
        if (distance >= length)
        {
            _bytes.AsSpan(from, length).CopyTo(_bytes.AsSpan(_end));
            _end += length;
            return;
        }

        for (var i = 0; i < length; i++)
        {
            _bytes[_end++] = _bytes[from + i];
        }
    }
}
