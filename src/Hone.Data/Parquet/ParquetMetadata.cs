namespace Hone.Data;

/// <summary>How Parquet stores a column's values, by its numbers.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    Bytes = 6,
    FixedBytes = 7,
}

/// <summary>Whether a field may be missing or occur several times, by Parquet's numbers.</summary>
internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>What a column's values mean.</summary>
internal enum Meaning
{
    AsStored,
    Text,
    List,
    Map,
    Decimal,
    Date,
    Time,
    Timestamp,
    Unsigned,
    Float16,
    Uuid,
    Null,
}

/// <summary>What a column's values mean, with what belongs to it.</summary>
/// <param name="Meaning">The kind.</param>
/// <param name="Digits">Time: digits after the second. Decimal: digits after the point.</param>
/// <param name="IsUtc">Timestamp: whether it is in UTC.</param>
internal readonly record struct LogicalType(Meaning Meaning, int Digits = 0, bool IsUtc = false);

/// <summary>One element of the flattened schema.</summary>
internal sealed record SchemaElement
{
    public string Name { get; init; } = "";

    public PhysicalType? Type { get; init; }

    public int TypeLength { get; init; }

    public Repetition Repetition { get; init; }

    public int Children { get; init; }

    public LogicalType Logical { get; init; }
}

/// <summary>Where a column's pages of one row group lie.</summary>
internal sealed record ColumnChunk
{
    public PhysicalType Type { get; init; }

    public int Codec { get; init; }

    public long Values { get; init; }

    public long Start { get; init; }

    public long Length { get; init; }
}

/// <summary>A group of rows: a chunk of each column.</summary>
internal sealed record RowGroup(long Rows, IReadOnlyList<ColumnChunk> Columns);

/// <summary>What a Parquet file says of itself.</summary>
internal sealed record ParquetFooter(IReadOnlyList<SchemaElement> Schema, IReadOnlyList<RowGroup> RowGroups);
