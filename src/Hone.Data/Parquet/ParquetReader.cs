using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>Parquet files: flat and nested columns, all encodings that are written today, strict about damage. A row's
/// line is its number.</summary>
internal sealed class ParquetReader : IRecordReader
{
    private const int TailLength = 8;

    /// <inheritdoc/>
    public IEnumerable<DataRecord> Read(DataFile file)
    {
        using var stream = file.OpenRaw();
        var (footer, root) = ReadFooter(file, stream);
        using var record = new RecordBuilder();
        var row = 0L;
        foreach (var group in footer.RowGroups)
        {
            var rows = Guard(file, row + 1, () => Open(file, stream, root, group, record));
            for (var left = group.Rows; left > 0; left--)
            {
                row++;
                Guard(file, row, () =>
                {
                    rows.WriteRow(root);
                    return true;
                });
                yield return record.Build(new SourceLine(file.Path, row));
            }
        }
    }

    private static ParquetAssembler Open(
        DataFile file, FileStream stream, ParquetNode root, RowGroup group, RecordBuilder record)
    {
        var leaves = root.AllLeaves().ToList();
        if (leaves.Count != group.Columns.Count)
        {
            throw new InvalidDataException($"a row group must have {leaves.Count} columns, got {group.Columns.Count}");
        }

        var columns = leaves.Zip(group.Columns, (leaf, chunk) =>
        {
            try
            {
                var name = $"{file.Path}: column \"{leaf.Path}\"";
                return new ParquetColumn(leaf, new ParquetPages(stream.SafeFileHandle, name, leaf, chunk));
            }
            catch (InvalidDataException problem)
            {
                throw new InvalidDataException($"column \"{leaf.Path}\": {problem.Message}");
            }
        });
        return new ParquetAssembler([.. columns], record.Writer);
    }

    private static (ParquetFooter Footer, ParquetNode Root) ReadFooter(DataFile file, FileStream stream)
    {
        DataException Fail(string message) => new(new SourceLine(file.Path), message);

        var size = stream.Length;
        if (size < 12)
        {
            throw Fail($"a Parquet file has at least 12 bytes, got {size}");
        }

        Span<byte> head = stackalloc byte[4];
        Span<byte> tail = stackalloc byte[TailLength];
        stream.ReadExactly(head);
        stream.Position = size - TailLength;
        stream.ReadExactly(tail);
        if (tail[4..].SequenceEqual("PARE"u8) || head.SequenceEqual("PARE"u8))
        {
            throw Fail("the file is encrypted, which is not supported");
        }

        if (!head.SequenceEqual("PAR1"u8))
        {
            throw Fail("a Parquet file must begin with PAR1; this is none");
        }

        if (!tail[4..].SequenceEqual("PAR1"u8))
        {
            throw Fail("a Parquet file must end with PAR1; it was cut off");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > size - 12)
        {
            throw Fail($"the footer must fit into the file of {size} bytes, got {length}");
        }

        var bytes = new byte[length];
        stream.Position = size - TailLength - length;
        stream.ReadExactly(bytes);
        try
        {
            var footer = ParquetFooterReader.Read(bytes);
            return (footer, ParquetNode.Build(footer.Schema));
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException)
        {
            throw Fail($"the footer is malformed: {problem.Message}");
        }
    }

    private static T Guard<T>(DataFile file, long row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException problem)
        {
            throw new DataException(new SourceLine(file.Path, row), problem.Message);
        }
    }
}
