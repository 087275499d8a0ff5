namespace Hone.Data;

/// <summary>A field of a Parquet schema, with all below it.</summary>
internal sealed class ParquetNode
{
    private const int DeepestNesting = 64;

    private ParquetNode(SchemaElement element, ParquetNode? parent, int firstLeaf)
    {
        Element = element;
        FirstLeaf = firstLeaf;
        Path = parent is null ? "" : parent.Path.Length == 0 ? element.Name : $"{parent.Path}.{element.Name}";
        if (parent is not null)
        {
            MaxDefinition = parent.MaxDefinition + (element.Repetition == Repetition.Required ? 0 : 1);
            MaxRepetition = parent.MaxRepetition + (element.Repetition == Repetition.Repeated ? 1 : 0);
        }
    }

    /// <summary>The field itself.</summary>
    public SchemaElement Element { get; }

    /// <summary>The names from the top down to it, joined by dots.</summary>
    public string Path { get; }

    /// <summary>The definition level of a value that is there.</summary>
    public int MaxDefinition { get; }

    /// <summary>How many repeated fields there are from the top down to it.</summary>
    public int MaxRepetition { get; }

    /// <summary>The first column below it; a leaf's own.</summary>
    public int FirstLeaf { get; }

    /// <summary>How many columns there are below it; 1 for a leaf.</summary>
    public int Leaves { get; private set; }

    /// <summary>The fields below it; none for a leaf.</summary>
    public IReadOnlyList<ParquetNode> Children { get; private set; } = [];

    /// <summary>Builds the tree of a flattened schema.</summary>
    /// <exception cref="InvalidDataException">It is no tree.</exception>
    public static ParquetNode Build(IReadOnlyList<SchemaElement> schema)
    {
        var next = 0;
        var leaves = 0;
        var root = Build(schema, ref next, ref leaves, null, 0);
        return next == schema.Count && root.Children.Count > 0 ? root : throw Malformed();
    }

    /// <summary>The columns below it, in order.</summary>
    public IEnumerable<ParquetNode> AllLeaves() =>
        Children.Count == 0 ? [this] : Children.SelectMany(child => child.AllLeaves());

    private static InvalidDataException Malformed() => new("the schema is malformed");

    private static ParquetNode Build(
        IReadOnlyList<SchemaElement> schema, ref int next, ref int leaves, ParquetNode? parent, int depth)
    {
        if (next >= schema.Count || depth > DeepestNesting)
        {
            throw Malformed();
        }

        var element = schema[next++];
        var node = new ParquetNode(element, parent, leaves);
        if (!Enum.IsDefined(element.Repetition) || (element.Type is null) != (element.Children > 0))
        {
            throw Malformed();
        }

        if (element.Type is { } type)
        {
            leaves++;
            node.Leaves = 1;
            var isFixed = type == PhysicalType.FixedBytes;
            return Enum.IsDefined(type) && (!isFixed || element.TypeLength is > 0 and < 1 << 24)
                ? node
                : throw Malformed();
        }

        var children = new List<ParquetNode>();
        for (var i = 0; i < element.Children; i++)
        {
            children.Add(Build(schema, ref next, ref leaves, node, depth + 1));
        }

        (node.Children, node.Leaves) = (children, leaves - node.FirstLeaf);
        return node;
    }
}
