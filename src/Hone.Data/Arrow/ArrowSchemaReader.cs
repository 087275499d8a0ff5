namespace Hone.Data;

/// <summary>Reads the schema of Arrow data: Schema.fbs of the format's specification.</summary>
internal static class ArrowSchemaReader
{
    private const int DeepestNesting = 64;

    /// <summary>Reads a schema.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or has a type that is not supported.</exception>
    public static IReadOnlyList<ArrowField> Read(FlatTable schema) => schema.Int16(0) == 0
        ? [.. schema.Tables(1).Select(field => ReadField(field, 0))]
        : throw new InvalidDataException("big-endian data are not supported");

    private static ArrowField ReadField(FlatTable table, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new InvalidDataException("the schema is nested too deeply");
        }

        var name = table.Text(0);
        var kind = (ArrowKind)table.UInt8(2);
        if (!Enum.IsDefined(kind))
        {
            throw new InvalidDataException(
                $"column \"{name}\" has a type that is not supported (number {(int)kind} in the schema)");
        }

        var field = ReadType(kind, table.Table(3)) with
        {
            Name = name,
            Children = [.. table.Tables(5).Select(child => ReadField(child, depth + 1))],
        };
        Check(field);
        if (!table.Has(4))
        {
            return field;
        }

        var encoding = table.Table(4);
        var indices = encoding.Has(1)
            ? ReadType(ArrowKind.Int, encoding.Table(1))
            : new ArrowField { Kind = ArrowKind.Int, Width = 4, IsSigned = true };
        Check(indices with { Name = name });
        return field with { Dictionary = encoding.Int64(0), Indices = indices };
    }

    private static ArrowField ReadType(ArrowKind kind, FlatTable type)
    {
        var field = new ArrowField { Kind = kind };
        return kind switch
        {
            ArrowKind.Int => field with { Width = type.Int32(0) / 8, IsSigned = type.UInt8(1) != 0 },
            ArrowKind.Real => field with { Width = 2 << type.Int16(0) },
            ArrowKind.Decimal => field with { Width = type.Int32(2, 128) / 8, Digits = type.Int32(1) },
            ArrowKind.Date => field with { Width = type.Int16(0, 1) == 0 ? 4 : 8 },
            ArrowKind.Time => field with { Width = type.Int32(1, 32) / 8, Digits = 3 * type.Int16(0, 1) },
            ArrowKind.Timestamp =>
                field with { Width = 8, Digits = 3 * type.Int16(0), IsUtc = type.Text(1).Length > 0 },
            ArrowKind.Duration => field with { Width = 8, IsSigned = true },
            ArrowKind.FixedBinary or ArrowKind.FixedList => field with { Width = type.Int32(0) },
            _ => field,
        };
    }

    private static void Check(ArrowField field)
    {
        var children = field.Kind switch
        {
            ArrowKind.List or ArrowKind.LargeList or ArrowKind.FixedList or ArrowKind.Map or ArrowKind.ListView
                or ArrowKind.LargeListView => 1,
            ArrowKind.RunEnds => 2,
            ArrowKind.Struct => field.Children.Count,
            _ => 0,
        };
        var widths = field.Kind switch
        {
            ArrowKind.Int => field.Width is 1 or 2 or 4 or 8,
            ArrowKind.Real => field.Width is 2 or 4 or 8,
            ArrowKind.Decimal => field.Width is 4 or 8 or 16 or 32,
            ArrowKind.Time => field.Width is 4 or 8,
            ArrowKind.Map => field.Children is [{ Kind: ArrowKind.Struct, Children.Count: 2 }],
            ArrowKind.RunEnds => field.Children is [{ Kind: ArrowKind.Int }, _],
            _ => field.Width >= 0,
        };
        if (field.Children.Count != children || !widths)
        {
            throw new InvalidDataException($"column \"{field.Name}\" has a malformed type");
        }
    }
}
