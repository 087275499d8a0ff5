namespace Hone.Data;

/// <summary>DELTA_BINARY_PACKED: a first value, then differences in blocks, each above the least of its
/// block.</summary>
internal sealed class DeltaReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _perMiniblock;
    private readonly int _miniblocks;
    private int _at;
    private int _done;
    private long _value;
    private long _leastDifference;
    private int _widthsAt;
    private int _miniblock;
    private int _inMiniblock;
    private int _width;

    /// <summary>Reads the head.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public DeltaReader(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        var perBlock = VarInt.Read(bytes.Span, ref _at);
        var miniblocks = VarInt.Read(bytes.Span, ref _at);
        var count = VarInt.Read(bytes.Span, ref _at);
        _value = VarInt.ReadSigned(bytes.Span, ref _at);
        if (perBlock is 0 or > 1 << 24 || miniblocks == 0 || perBlock % miniblocks != 0
            || perBlock / miniblocks % 8 != 0 || count > int.MaxValue)
        {
            throw new InvalidDataException("delta blocks are malformed");
        }

        (_miniblocks, _perMiniblock) = ((int)miniblocks, (int)(perBlock / miniblocks));
        Count = (int)count;
        (_miniblock, _inMiniblock) = (_miniblocks - 1, _perMiniblock);
    }

    /// <summary>How many values there are.</summary>
    public int Count { get; }

    /// <summary>The next value; wraps around in 64 bits.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public long Next()
    {
        if (_done == Count)
        {
            throw new InvalidDataException("delta values are cut off");
        }

        if (_done++ == 0)
        {
            return _value;
        }

        if (_inMiniblock == _perMiniblock)
        {
            BeginMiniblock();
        }

        var bit = (8L * _at) + ((long)_inMiniblock++ * _width);
        _value += _leastDifference + (long)BitReader.Read(_bytes.Span, bit, _width);
        return _value;
    }

    /// <summary>Where the values end, found by passing over them all.</summary>
    /// <exception cref="InvalidDataException">They are malformed.</exception>
    public static int LengthOf(ReadOnlyMemory<byte> bytes)
    {
        var reader = new DeltaReader(bytes);
        for (var i = 0; i < reader.Count; i++)
        {
            reader.Next();
        }

        if (reader.Count > 1)
        {
            reader.EndMiniblock();
        }

        return Math.Min(reader._at, bytes.Length);
    }

    private void BeginMiniblock()
    {
        if (_widthsAt > 0)
        {
            EndMiniblock();
        }

        _inMiniblock = 0;
        if (++_miniblock == _miniblocks)
        {
            _leastDifference = VarInt.ReadSigned(_bytes.Span, ref _at);
            (_widthsAt, _miniblock) = (_at, 0);
            _at += _miniblocks;
        }

        if (_at > _bytes.Length)
        {
            throw new InvalidDataException("delta values are cut off");
        }

        _width = _bytes.Span[_widthsAt + _miniblock] is <= 64 and var width
            ? width
            : throw new InvalidDataException("delta blocks are malformed");
    }

    private void EndMiniblock() => _at = (int)Math.Min(int.MaxValue, _at + ((long)_perMiniblock * _width / 8));
}
