using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>Arrow IPC files and streams, told apart by their first bytes, as the <c>datasets</c> library writes both
/// under the same suffix. A row's line is its number.</summary>
internal sealed class ArrowReader : IRecordReader
{
    private static ReadOnlySpan<byte> Magic => "ARROW1"u8;

    /// <inheritdoc/>
    public IEnumerable<DataRecord> Read(DataFile file)
    {
        using var stream = file.OpenRaw();
        using var messages = Guard(
            file, 0, () => IsFile(file, stream) ? OfFile(file, stream) : OfStream(stream)).GetEnumerator();
        using var record = new RecordBuilder();
        var decoder = new ArrowDecoder(file.Path);
        var row = 0L;
        while (Guard(file, row, messages.MoveNext))
        {
            var columns = Guard(file, row, () => decoder.Take(messages.Current));
            var rows = columns is [var first, ..] ? first.Length : 0;
            for (var index = 0L; index < rows; index++)
            {
                row++;
                Guard(file, row, () => Write(record, columns, index));
                yield return record.Build(new SourceLine(file.Path, row));
            }
        }

        if (!decoder.HasSchema)
        {
            throw new DataException(new SourceLine(file.Path), "the file is empty; Arrow data begin with a schema");
        }
    }

    private static bool IsFile(DataFile file, FileStream stream)
    {
        var head = new byte[8];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return head.AsSpan().StartsWith("PAR1"u8)
            ? throw new DataException(
                new SourceLine(file.Path), "Arrow data must begin with ARROW1 or a message; this is a Parquet file")
            : head.AsSpan(0, length).StartsWith(Magic);
    }

    private static IEnumerable<ArrowMessage> OfStream(Stream stream)
    {
        var messages = new ArrowMessages(stream);
        while (messages.Next() is { } message)
        {
            yield return message;
        }
    }

    /// <summary>The messages that a file's footer names: File.fbs of the format's specification.</summary>
    private static IEnumerable<ArrowMessage> OfFile(DataFile file, FileStream stream)
    {
        var footer = ReadFooter(file, stream);
        yield return new ArrowMessage(ArrowMessage.Schema, footer.Table(1), default);
        foreach (var slot in (int[])[2, 3])
        {
            // a block is an offset, the length of the metadata and that of the body
            var blocks = footer.Words(slot, 3);
            for (var i = 0; i < blocks.Length; i += 3)
            {
                if (blocks[i] < 0 || blocks[i] >= stream.Length)
                {
                    throw new InvalidDataException("a batch lies outside of the file");
                }

                stream.Position = blocks[i];
                yield return new ArrowMessages(stream).Next() ?? throw new InvalidDataException("a batch is missing");
            }
        }
    }

    private static FlatTable ReadFooter(DataFile file, FileStream stream)
    {
        const int tailLength = 10;
        var tail = new byte[tailLength];
        if (stream.Length < 8 + tailLength)
        {
            throw new DataException(new SourceLine(file.Path), "an Arrow file must end with ARROW1; it was cut off");
        }

        stream.Position = stream.Length - tailLength;
        stream.ReadExactly(tail);
        if (!tail.AsSpan(4).SequenceEqual(Magic))
        {
            throw new DataException(new SourceLine(file.Path), "an Arrow file must end with ARROW1; it was cut off");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > stream.Length - tailLength - 8)
        {
            throw new DataException(
                new SourceLine(file.Path), $"the footer must fit into the file of {stream.Length} bytes, got {length}");
        }

        var bytes = new byte[length];
        stream.Position = stream.Length - tailLength - length;
        stream.ReadExactly(bytes);
        return FlatTable.Root(bytes);
    }

    private static bool Write(RecordBuilder record, IReadOnlyList<ArrowArray> columns, long index)
    {
        foreach (var column in columns)
        {
            try
            {
                record.Writer.WritePropertyName(column.Field.Name);
                ArrowWriter.Write(record.Writer, column, index);
            }
            catch (InvalidDataException problem)
            {
                throw new InvalidDataException($"column \"{column.Field.Name}\": {problem.Message}");
            }
        }

        return true;
    }

    private static T Guard<T>(DataFile file, long row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException)
        {
            throw new DataException(
                new SourceLine(file.Path, row), "the data end inside a message; the file was cut off");
        }
        catch (InvalidDataException problem)
        {
            throw new DataException(new SourceLine(file.Path, row), problem.Message);
        }
    }
}
