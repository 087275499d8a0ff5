namespace Hone.Data;

/// <summary>Reads the metadata at a Parquet file's end: parquet.thrift of the format's specification, the fields that
/// matter here.</summary>
internal static class ParquetFooterReader
{
    /// <summary>Reads the metadata.</summary>
    /// <exception cref="InvalidDataException">They are malformed.</exception>
    /// <exception cref="EndOfStreamException">They are cut off.</exception>
    public static ParquetFooter Read(ReadOnlySpan<byte> bytes)
    {
        var thrift = new ThriftReader(bytes);
        List<SchemaElement> schema = [];
        List<RowGroup> groups = [];
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (field)
            {
                case 2:
                    for (var left = thrift.List(type, out _); left > 0; left--)
                    {
                        schema.Add(ReadElement(ref thrift));
                    }

                    break;
                case 4:
                    for (var left = thrift.List(type, out _); left > 0; left--)
                    {
                        groups.Add(ReadGroup(ref thrift));
                    }

                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return new ParquetFooter(schema, groups);
    }

    private static SchemaElement ReadElement(ref ThriftReader thrift)
    {
        var element = new SchemaElement();
        int? converted = null;
        LogicalType? logical = null;
        var scale = 0;
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (field)
            {
                case 1:
                    element = element with { Type = (PhysicalType)thrift.Int32(type) };
                    break;
                case 2:
                    element = element with { TypeLength = thrift.Int32(type) };
                    break;
                case 3:
                    element = element with { Repetition = (Repetition)thrift.Int32(type) };
                    break;
                case 4:
                    element = element with { Name = thrift.Text(type) };
                    break;
                case 5:
                    element = element with { Children = thrift.Int32(type) };
                    break;
                case 6:
                    converted = thrift.Int32(type);
                    break;
                case 7:
                    scale = thrift.Int32(type);
                    break;
                case 10:
                    logical = ReadLogical(ref thrift);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return element with { Logical = logical ?? Converted(converted, scale) };
    }

    /// <summary>The older way to say what values mean.</summary>
    private static LogicalType Converted(int? converted, int scale) => converted switch
    {
        0 or 4 or 19 => new(Meaning.Text),
        1 or 2 => new(Meaning.Map),
        3 => new(Meaning.List),
        5 => new(Meaning.Decimal, scale),
        6 => new(Meaning.Date),
        7 => new(Meaning.Time, 3),
        8 => new(Meaning.Time, 6),
        9 => new(Meaning.Timestamp, 3, IsUtc: true),
        10 => new(Meaning.Timestamp, 6, IsUtc: true),
        >= 11 and <= 14 => new(Meaning.Unsigned),
        _ => default,
    };

    private static LogicalType ReadLogical(ref ThriftReader thrift)
    {
        var logical = default(LogicalType);
        var kind = 0;
        while (thrift.Next(ref kind, out var type))
        {
            switch (kind)
            {
                case 5 or 7 or 8 or 10:
                    logical = ReadParameters(ref thrift, kind);
                    break;
                default:
                    logical = new LogicalType(kind switch
                    {
                        1 or 4 or 12 => Meaning.Text,
                        2 => Meaning.Map,
                        3 => Meaning.List,
                        6 => Meaning.Date,
                        11 => Meaning.Null,
                        14 => Meaning.Uuid,
                        15 => Meaning.Float16,
                        _ => Meaning.AsStored,
                    });
                    thrift.Skip(type);
                    break;
            }
        }

        return logical;
    }

    /// <summary>The parameters of a decimal (scale), a time or timestamp (UTC, unit) or an integer (width,
    /// signed).</summary>
    private static LogicalType ReadParameters(ref ThriftReader thrift, int kind)
    {
        var (digits, flag) = (0, false);
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (kind, field)
            {
                case (5, 1):
                    digits = thrift.Int32(type);
                    break;
                case (7 or 8, 1):
                case (10, 2):
                    flag = ThriftReader.Flag(type);
                    break;
                case (7 or 8, 2):
                    var unit = 0;
                    while (thrift.Next(ref unit, out var inner))
                    {
                        digits = 3 * unit;
                        thrift.Skip(inner);
                    }

                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return kind switch
        {
            5 => new(Meaning.Decimal, digits),
            7 => new(Meaning.Time, digits),
            8 => new(Meaning.Timestamp, digits, flag),
            _ => new(flag ? Meaning.AsStored : Meaning.Unsigned),
        };
    }

    private static RowGroup ReadGroup(ref ThriftReader thrift)
    {
        List<ColumnChunk> columns = [];
        var rows = 0L;
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (field)
            {
                case 1:
                    for (var left = thrift.List(type, out _); left > 0; left--)
                    {
                        columns.Add(ReadChunk(ref thrift));
                    }

                    break;
                case 3:
                    rows = thrift.Integer(type);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return new RowGroup(rows, columns);
    }

    private static ColumnChunk ReadChunk(ref ThriftReader thrift)
    {
        ColumnChunk? chunk = null;
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (field)
            {
                case 1:
                    throw new InvalidDataException("a column lies in another file, which is not supported");
                case 3:
                    chunk = ReadChunkMetadata(ref thrift);
                    break;
                case 8:
                    throw new InvalidDataException("a column is encrypted, which is not supported");
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return chunk ?? throw new InvalidDataException("the metadata are malformed");
    }

    private static ColumnChunk ReadChunkMetadata(ref ThriftReader thrift)
    {
        var chunk = new ColumnChunk();
        var (data, dictionary) = (0L, 0L);
        var field = 0;
        while (thrift.Next(ref field, out var type))
        {
            switch (field)
            {
                case 1:
                    chunk = chunk with { Type = (PhysicalType)thrift.Int32(type) };
                    break;
                case 4:
                    chunk = chunk with { Codec = thrift.Int32(type) };
                    break;
                case 5:
                    chunk = chunk with { Values = thrift.Integer(type) };
                    break;
                case 7:
                    chunk = chunk with { Length = thrift.Integer(type) };
                    break;
                case 9:
                    data = thrift.Integer(type);
                    break;
                case 11:
                    dictionary = thrift.Integer(type);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return chunk with { Start = dictionary > 0 ? Math.Min(dictionary, data) : data };
    }
}
