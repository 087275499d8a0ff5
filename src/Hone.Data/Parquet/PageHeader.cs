namespace Hone.Data;

/// <summary>What stands before a page.</summary>
internal sealed record PageHeader
{
    public const int Data = 0;
    public const int Dictionary = 2;
    public const int DataV2 = 3;

    public int Type { get; init; } = -1;

    public int UncompressedSize { get; init; } = -1;

    public int CompressedSize { get; init; } = -1;

    public uint? Checksum { get; init; }

    public int Values { get; init; }

    public int Encoding { get; init; }

    public int LevelEncoding { get; init; }

    /// <summary>Version 2: bytes of the definition levels, which are not compressed.</summary>
    public int DefinitionLength { get; init; }

    /// <summary>Version 2: bytes of the repetition levels, which are not compressed.</summary>
    public int RepetitionLength { get; init; }

    /// <summary>Version 2: whether the values are compressed.</summary>
    public bool IsCompressed { get; init; } = true;

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    /// <exception cref="EndOfStreamException">The bytes end first.</exception>
    public static PageHeader Read(ReadOnlySpan<byte> bytes, out int used)
    {
        var thrift = new ThriftReader(bytes);
        var header = new PageHeader();
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (field)
            {
                case 1:
                    header = header with { Type = thrift.Int32(type) };
                    break;
                case 2:
                    header = header with { UncompressedSize = thrift.Int32(type) };
                    break;
                case 3:
                    header = header with { CompressedSize = thrift.Int32(type) };
                    break;
                case 4:
                    header = header with { Checksum = (uint)thrift.Int32(type) };
                    break;
                case 5 or 7 or 8 when type == ThriftType.Struct:
                    header = ReadKind(ref thrift, header, field == 8);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        used = thrift.Position;
        return header is { Type: >= 0, UncompressedSize: >= 0, CompressedSize: >= 0, Values: >= 0 }
            && header is { DefinitionLength: >= 0, RepetitionLength: >= 0 }
            ? header
            : throw new InvalidDataException("the page header is malformed");
    }

    private static PageHeader ReadKind(ref ThriftReader thrift, PageHeader header, bool isV2)
    {
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (isV2, field)
            {
                case (_, 1):
                    header = header with { Values = thrift.Int32(type) };
                    break;
                case (false, 2):
                case (true, 4):
                    header = header with { Encoding = thrift.Int32(type) };
                    break;
                case (false, 3) when type == ThriftType.Int32:
                    header = header with { LevelEncoding = thrift.Int32(type) };
                    break;
                case (true, 5):
                    header = header with { DefinitionLength = thrift.Int32(type) };
                    break;
                case (true, 6):
                    header = header with { RepetitionLength = thrift.Int32(type) };
                    break;
                case (true, 7):
                    header = header with { IsCompressed = ThriftReader.Flag(type) };
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return header;
    }
}
