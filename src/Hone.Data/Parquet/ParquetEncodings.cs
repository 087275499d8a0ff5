using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>PLAIN: values one after another.</summary>
internal sealed class PlainValues(ReadOnlyMemory<byte> bytes, PhysicalType type, int typeLength) : IParquetValues
{
    private ReadOnlyMemory<byte> _rest = bytes;
    private long _bit;

    /// <summary>Whether all is used up.</summary>
    public bool IsAtEnd => _rest.IsEmpty;

    /// <inheritdoc/>
    public ParquetValue Next() => type switch
    {
        PhysicalType.Boolean => new((long)BitReader.Read(_rest.Span, _bit++, 1), default),
        PhysicalType.Int32 or PhysicalType.Float => new(BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span), default),
        PhysicalType.Int64 or PhysicalType.Double => new(BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span), default),
        PhysicalType.Int96 => new(0, Take(12)),
        PhysicalType.Bytes => new(0, Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span))),
        _ => new(0, Take(typeLength)),
    };

    private ReadOnlyMemory<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new InvalidDataException("values are cut off");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

/// <summary>RLE_DICTIONARY: indices into the values of the dictionary page.</summary>
internal sealed class DictionaryValues(RunReader indices, IReadOnlyList<ParquetValue> dictionary) : IParquetValues
{
    /// <inheritdoc/>
    public ParquetValue Next() => (uint)indices.Next() is var index && index < (uint)dictionary.Count
        ? dictionary[(int)index]
        : throw new InvalidDataException($"index {index} is outside the dictionary of {dictionary.Count} values");
}

/// <summary>RLE: truth values as runs.</summary>
internal sealed class RunValues(RunReader runs) : IParquetValues
{
    /// <inheritdoc/>
    public ParquetValue Next() => new(runs.Next(), default);
}

/// <summary>DELTA_BINARY_PACKED: integers by their differences.</summary>
internal sealed class DeltaValues(DeltaReader values, PhysicalType type) : IParquetValues
{
    /// <inheritdoc/>
    public ParquetValue Next() => new(type == PhysicalType.Int32 ? (int)values.Next() : values.Next(), default);
}

/// <summary>DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.</summary>
internal sealed class DeltaLengthValues : IParquetValues
{
    private readonly DeltaReader _lengths;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Starts at the lengths.</summary>
    public DeltaLengthValues(ReadOnlyMemory<byte> bytes)
    {
        _lengths = new DeltaReader(bytes);
        _rest = bytes[DeltaReader.LengthOf(bytes)..];
    }

    /// <inheritdoc/>
    public ParquetValue Next()
    {
        var length = _lengths.Next();
        if ((ulong)length > (ulong)_rest.Length)
        {
            throw new InvalidDataException("values are cut off");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return new(0, taken);
    }
}

/// <summary>DELTA_BYTE_ARRAY: how much each value shares with the one before, then the rests.</summary>
internal sealed class DeltaBytesValues : IParquetValues
{
    private readonly DeltaReader _shared;
    private readonly DeltaLengthValues _rests;
    private ReadOnlyMemory<byte> _last;

    /// <summary>Starts at the shared lengths.</summary>
    public DeltaBytesValues(ReadOnlyMemory<byte> bytes)
    {
        _shared = new DeltaReader(bytes);
        _rests = new DeltaLengthValues(bytes[DeltaReader.LengthOf(bytes)..]);
    }

    /// <inheritdoc/>
    public ParquetValue Next()
    {
        var shared = _shared.Next();
        var rest = _rests.Next().Bytes;
        if ((ulong)shared > (ulong)_last.Length)
        {
            throw new InvalidDataException("a value shares more than the one before has");
        }

        _last = shared == 0 ? rest : (byte[])[.. _last.Span[..(int)shared], .. rest.Span];
        return new(0, _last);
    }
}

/// <summary>BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones, and so on.</summary>
internal sealed class SplitValues(ReadOnlyMemory<byte> bytes, PhysicalType type, int width) : IParquetValues
{
    private readonly int _count = bytes.Length / width;
    private int _at;

    /// <inheritdoc/>
    public ParquetValue Next()
    {
        if (_at == _count)
        {
            throw new InvalidDataException("values are cut off");
        }

        var value = new byte[width];
        for (var i = 0; i < width; i++)
        {
            value[i] = bytes.Span[(i * _count) + _at];
        }

        _at++;
        return new PlainValues(value, type, width).Next();
    }
}
