namespace Hone.Data;

/// <summary>Parquet's hybrid of run lengths and bit packing: levels, dictionary indices, truth values.</summary>
/// <param name="bytes">The runs.</param>
/// <param name="width">Bits of a value, 0 … 32.</param>
internal sealed class RunReader(ReadOnlyMemory<byte> bytes, int width)
{
    private int _at;
    private long _left;
    private bool _isPacked;
    private long _bit;
    private uint _value;

    /// <summary>The next value.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int Next()
    {
        while (_left == 0)
        {
            BeginRun();
        }

        _left--;
        if (_isPacked)
        {
            _value = (uint)BitReader.Read(bytes.Span, _bit, width);
            _bit += width;
        }

        return (int)_value;
    }

    private void BeginRun()
    {
        var span = bytes.Span;
        var header = VarInt.Read(span, ref _at);
        _isPacked = (header & 1) == 1;
        if (_isPacked)
        {
            _bit = 8L * _at;
            var room = Math.Min((header >> 1) * (ulong)width, (ulong)(span.Length - _at));
            _left = width == 0 ? (long)Math.Min(header >> 1, int.MaxValue) * 8 : (long)room * 8 / width;
            _at += (int)room;
            _ = _left > 0 ? 0 : throw new InvalidDataException("runs are cut off");
            return;
        }

        var size = (width + 7) / 8;
        if (size > span.Length - _at)
        {
            throw new InvalidDataException("runs are cut off");
        }

        _left = (long)Math.Min(header >> 1, int.MaxValue);
        _value = 0;
        for (var i = 0; i < size; i++)
        {
            _value |= (uint)span[_at++] << (8 * i);
        }
    }
}
