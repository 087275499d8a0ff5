using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Hone.Data;

/// <summary>Reads the pages of one column in one row group, in turn.</summary>
internal sealed class ParquetPages
{
    private const int LargestHeader = 16 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly string _name;
    private readonly ParquetNode _leaf;
    private readonly int _codec;
    private readonly long _end;
    private long _at;
    private List<ParquetValue>? _dictionary;

    /// <summary>Starts at the first page.</summary>
    /// <exception cref="InvalidDataException">The column does not lie in the file.</exception>
    public ParquetPages(SafeFileHandle file, string name, ParquetNode leaf, ColumnChunk chunk)
    {
        (_file, _name, _leaf, _codec, _at) = (file, name, leaf, chunk.Codec, chunk.Start);
        var size = RandomAccess.GetLength(file);
        var isInside = chunk.Start >= 0 && chunk.Start <= size
            && chunk.Length >= 0 && chunk.Length <= size - chunk.Start;
        if (chunk.Type != leaf.Element.Type || !isInside)
        {
            throw new InvalidDataException("its pages lie outside of the file");
        }

        _end = chunk.Start + chunk.Length;
    }

    private int TypeLength => _leaf.Element.TypeLength;

    private PhysicalType Type => _leaf.Element.Type!.Value;

    /// <summary>The next page with data; null at the end.</summary>
    /// <exception cref="InvalidDataException">A page is malformed.</exception>
    /// <exception cref="DataException">A page is damaged.</exception>
    public ParquetPage? Next()
    {
        while (_at < _end)
        {
            var header = ReadHeader();
            var body = ReadBody(header);
            switch (header.Type)
            {
                case PageHeader.Data:
                    return ReadData(header, PageCodec.Decompress(_codec, body, header.UncompressedSize, _name));
                case PageHeader.DataV2:
                    return ReadDataV2(header, body);
                case PageHeader.Dictionary:
                    ReadDictionary(header, PageCodec.Decompress(_codec, body, header.UncompressedSize, _name));
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    private static RunReader Levels(ReadOnlyMemory<byte> bytes, int max) =>
        new(bytes, BitOperations.Log2((uint)max) + 1);

    private static ReadOnlyMemory<byte> TakePrefixed(ref ReadOnlyMemory<byte> bytes)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(bytes.Span, out var length)
            || (uint)length > (uint)(bytes.Length - sizeof(int)))
        {
            throw new InvalidDataException("levels are cut off");
        }

        var taken = bytes.Slice(sizeof(int), length);
        bytes = bytes[(sizeof(int) + length)..];
        return taken;
    }

    private PageHeader ReadHeader()
    {
        for (var length = 512L; ; length *= 8)
        {
            var bytes = new byte[Math.Min(length, _end - _at)];
            ReadExactly(bytes, _at);
            try
            {
                var header = PageHeader.Read(bytes, out var used);
                _at += used;
                return header.CompressedSize <= _end - _at
                    ? header
                    : throw new InvalidDataException("a page reaches beyond its column");
            }
            catch (EndOfStreamException) when (bytes.Length < _end - _at && length < LargestHeader)
            {
                continue;
            }
            catch (Exception problem) when (problem is EndOfStreamException
                or InvalidDataException { Message: "the metadata are malformed" })
            {
                throw new InvalidDataException($"the page header at byte {_at} is malformed");
            }
        }
    }

    private byte[] ReadBody(PageHeader header)
    {
        var bytes = new byte[header.CompressedSize];
        ReadExactly(bytes, _at);
        _at += bytes.Length;
        return header.Checksum is not { } checksum || Crc32.Append(0, bytes) == checksum
            ? bytes
            : throw new InvalidDataException("the checksum of a page does not match; the file is damaged");
    }

    private void ReadExactly(Span<byte> target, long at)
    {
        for (var done = 0; done < target.Length;)
        {
            var count = RandomAccess.Read(_file, target[done..], at + done);
            done += count > 0 ? count : throw new InvalidDataException("the file was cut off while it was read");
        }
    }

    private void ReadDictionary(PageHeader header, ReadOnlyMemory<byte> bytes)
    {
        if (_dictionary is not null || header.Encoding is not (0 or 2))
        {
            throw new InvalidDataException("its dictionary is malformed");
        }

        var values = new PlainValues(bytes, Type, TypeLength);
        _dictionary = [];
        for (var i = 0; i < header.Values; i++)
        {
            _dictionary.Add(values.Next());
        }
    }

    private ParquetPage ReadData(PageHeader header, ReadOnlyMemory<byte> bytes)
    {
        const int bitPacked = 4;
        if (_leaf.MaxDefinition > 0 && header.LevelEncoding == bitPacked)
        {
            throw new InvalidDataException("levels in the old bit-packed encoding are not supported");
        }

        var repetitions = _leaf.MaxRepetition > 0 ? Levels(TakePrefixed(ref bytes), _leaf.MaxRepetition) : null;
        var definitions = _leaf.MaxDefinition > 0 ? Levels(TakePrefixed(ref bytes), _leaf.MaxDefinition) : null;
        return new ParquetPage(header.Values, repetitions, definitions, Values(header.Encoding, bytes));
    }

    private ParquetPage ReadDataV2(PageHeader header, byte[] body)
    {
        var levels = header.RepetitionLength + (long)header.DefinitionLength;
        if (levels > body.Length || levels > header.UncompressedSize)
        {
            throw new InvalidDataException("levels are cut off");
        }

        var repetitions = body.AsMemory(0, header.RepetitionLength);
        var definitions = body.AsMemory(header.RepetitionLength, header.DefinitionLength);
        var size = header.UncompressedSize - (int)levels;
        ReadOnlyMemory<byte> values = body.AsMemory((int)levels);
        if (header.IsCompressed && size > 0)
        {
            values = PageCodec.Decompress(_codec, values.ToArray(), size, _name);
        }

        return new ParquetPage(
            header.Values,
            _leaf.MaxRepetition > 0 ? Levels(repetitions, _leaf.MaxRepetition) : null,
            _leaf.MaxDefinition > 0 ? Levels(definitions, _leaf.MaxDefinition) : null,
            Values(header.Encoding, values));
    }

    private IParquetValues Values(int encoding, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return new PlainValues(bytes, Type, TypeLength);
        }

        return (encoding, Type) switch
        {
            (0, _) => new PlainValues(bytes, Type, TypeLength),
            (2 or 8, _) => new DictionaryValues(
                bytes.Span[0] <= 32
                    ? new RunReader(bytes[1..], bytes.Span[0])
                    : throw new InvalidDataException("dictionary indices are too wide"),
                _dictionary ?? throw new InvalidDataException("its dictionary is missing")),
            (3, PhysicalType.Boolean) => new RunValues(new RunReader(TakePrefixed(ref bytes), 1)),
            (5, PhysicalType.Int32 or PhysicalType.Int64) => new DeltaValues(new DeltaReader(bytes), Type),
            (6, PhysicalType.Bytes) => new DeltaLengthValues(bytes),
            (7, PhysicalType.Bytes or PhysicalType.FixedBytes) => new DeltaBytesValues(bytes),
            (9, PhysicalType.Int32 or PhysicalType.Float) => new SplitValues(bytes, Type, 4),
            (9, PhysicalType.Int64 or PhysicalType.Double) => new SplitValues(bytes, Type, 8),
            (9, PhysicalType.FixedBytes) => new SplitValues(bytes, Type, TypeLength),
            _ => throw new InvalidDataException($"encoding {encoding} is not known for {Type}"),
        };
    }
}
