namespace Hone.Text.Gguf;

/// <summary>Reads and checks which tensors lie where.</summary>
internal static class GgufTensorTable
{
    /// <summary>Bytes that an entry takes at least: an empty name, no dimensions, type, offset.</summary>
    public const int LeastEntry = 24;

    private const int MostDimensions = 4;

    /// <summary>Reads the entries.</summary>
    /// <exception cref="FormatException">One breaks a rule of the format.</exception>
    public static GgufTensor[] Read(GgufSource source, int count, int alignment)
    {
        var tensors = new GgufTensor[count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            tensors[i] = Entry(source, alignment);
            if (!names.Add(tensors[i].Name))
            {
                throw new FormatException($"has the tensor '{tensors[i].Name}' twice");
            }
        }

        return tensors;
    }

    /// <summary>Refuses tensors that lie beyond the file or over each other.</summary>
    /// <exception cref="FormatException">There are such.</exception>
    public static void CheckPlaces(IReadOnlyList<GgufTensor> tensors, long room)
    {
        GgufTensor? before = null;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Offset))
        {
            if (tensor.Offset > room || (tensor.Offset == room && tensor.Bytes > 0))
            {
                throw new FormatException($"has the tensor '{tensor.Name}', which lies beyond the file");
            }

            if (tensor.Bytes > room - tensor.Offset)
            {
                throw new FormatException($"has the tensor '{tensor.Name}', which ends beyond the file");
            }

            if (before is not null && before.Offset + before.Bytes > tensor.Offset)
            {
                throw new FormatException($"has the tensor '{tensor.Name}', which lies over '{before.Name}'");
            }

            before = tensor.Bytes > 0 ? tensor : before;
        }
    }

    private static GgufTensor Entry(GgufSource source, int alignment)
    {
        var name = source.Name("tensor name");
        var dimensions = source.UInt32();
        if (dimensions > MostDimensions)
        {
            throw new FormatException(
                $"has the tensor '{name}' of {dimensions} dimensions, at most {MostDimensions} are possible");
        }

        var sizes = new ulong[dimensions]; // the fastest first
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = source.UInt64();
        }

        var type = GgmlTypes.Of(source.UInt32(), name);
        var offset = source.UInt64();
        if (offset % (ulong)alignment != 0)
        {
            throw new FormatException(
                $"has the offset {offset} of '{name}', which is not a multiple of the alignment {alignment}");
        }

        return offset <= long.MaxValue
            ? new GgufTensor(
                name, type, [.. sizes.Reverse().Select(size => (long)size)], (long)offset, Bytes(name, type, sizes))
            : throw new FormatException($"has the tensor '{name}', which lies beyond the file");
    }

    private static long Bytes(string name, GgmlType type, ulong[] sizes)
    {
        if (sizes is [var row, ..] && row % (ulong)type.BlockSize() != 0)
        {
            throw new FormatException(
                $"has a row of '{name}' ({row}) that is no multiple of the block ({type.BlockSize()}) of "
                    + $"{GgmlTypes.NameOf(type)}");
        }

        UInt128 count = 1;
        foreach (var size in sizes)
        {
            count *= size;
            if (size > long.MaxValue || count > long.MaxValue)
            {
                throw new FormatException($"has a shape of '{name}' that overflows");
            }
        }

        var bytes = count / (UInt128)type.BlockSize() * (UInt128)type.BlockBytes();
        return bytes <= long.MaxValue
            ? (long)bytes : throw new FormatException($"has a shape of '{name}' that overflows");
    }
}
