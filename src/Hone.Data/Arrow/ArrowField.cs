namespace Hone.Data;

/// <summary>Arrow's types, by their numbers in its schema.</summary>
internal enum ArrowKind
{
    Null = 1,
    Int = 2,
    Real = 3,
    Binary = 4,
    Text = 5,
    Bool = 6,
    Decimal = 7,
    Date = 8,
    Time = 9,
    Timestamp = 10,
    List = 12,
    Struct = 13,
    FixedBinary = 15,
    FixedList = 16,
    Map = 17,
    Duration = 18,
    LargeBinary = 19,
    LargeText = 20,
    LargeList = 21,
    RunEnds = 22,
    BinaryView = 23,
    TextView = 24,
    ListView = 25,
    LargeListView = 26,
}

/// <summary>A column of an Arrow schema, with all below it.</summary>
internal sealed record ArrowField
{
    public string Name { get; init; } = "";

    public ArrowKind Kind { get; init; }

    /// <summary>Bytes of a value of fixed width; elements of a list of fixed length.</summary>
    public int Width { get; init; }

    public bool IsSigned { get; init; }

    /// <summary>Digits after the second, or after the point.</summary>
    public int Digits { get; init; }

    public bool IsUtc { get; init; }

    public IReadOnlyList<ArrowField> Children { get; init; } = [];

    /// <summary>The dictionary whose entries the values are; null where they are stored as they are.</summary>
    public long? Dictionary { get; init; }

    /// <summary>The type of the indices into the dictionary.</summary>
    public ArrowField? Indices { get; init; }

    /// <summary>The field itself and all below it.</summary>
    public IEnumerable<ArrowField> All() => Children.SelectMany(child => child.All()).Prepend(this);
}
