using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>Takes a batch apart: Message.fbs of the format's specification.</summary>
/// <param name="dictionaries">The dictionaries so far, each in parts.</param>
/// <param name="name">What errors call the file.</param>
internal sealed class ArrowBatchReader(IReadOnlyDictionary<long, List<ArrowArray>> dictionaries, string name)
{
    private long[] _nodes = [];
    private long[] _buffers = [];
    private long[] _viewBuffers = [];
    private int _node;
    private int _buffer;
    private int _views;
    private int _codec;
    private ReadOnlyMemory<byte> _body;

    /// <summary>The columns of a batch.</summary>
    /// <param name="fields">The schema.</param>
    /// <param name="batch">The batch's table.</param>
    /// <param name="body">Its buffers.</param>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    /// <exception cref="DataException">A buffer is damaged.</exception>
    public IReadOnlyList<ArrowArray> Read(IReadOnlyList<ArrowField> fields, FlatTable batch, ReadOnlyMemory<byte> body)
    {
        (_nodes, _buffers, _viewBuffers, _body) = (batch.Words(1, 2), batch.Words(2, 2), batch.Words(4, 1), body);
        (_node, _buffer, _views) = (0, 0, 0);
        _codec = batch.Has(3) ? batch.Table(3).UInt8(0) : -1;
        var length = batch.Int64(0);
        var columns = fields.Select(ReadArray).ToList();
        return columns.TrueForAll(column => column.Length == length) && length >= 0
            ? columns
            : throw new InvalidDataException("the columns of a batch differ in length");
    }

    private ArrowArray ReadArray(ArrowField field)
    {
        if (2 * _node >= _nodes.Length)
        {
            throw new InvalidDataException("a batch has fewer columns than the schema");
        }

        var length = _nodes[2 * _node++];
        if (length < 0)
        {
            throw new InvalidDataException("a batch has a negative length");
        }

        var stored = field.Indices ?? field;
        var hasValidity = stored.Kind is not (ArrowKind.Null or ArrowKind.RunEnds);
        var validity = hasValidity ? ReadBuffer() : default;
        var count = stored.Kind switch
        {
            ArrowKind.Null or ArrowKind.RunEnds or ArrowKind.Struct or ArrowKind.FixedList => 0,
            ArrowKind.Binary or ArrowKind.Text or ArrowKind.LargeBinary or ArrowKind.LargeText or ArrowKind.ListView
                or ArrowKind.LargeListView => 2,
            ArrowKind.BinaryView or ArrowKind.TextView => 1 + ViewBuffers(),
            _ => 1,
        };
        var buffers = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < count; i++)
        {
            buffers.Add(ReadBuffer());
        }

        return new ArrowArray
        {
            Field = field,
            Length = length,
            Validity = validity,
            Buffers = buffers,
            Children = field.Indices is null ? [.. field.Children.Select(ReadArray)] : [],
            Dictionary = field.Dictionary is not { } id
                ? null
                : dictionaries.GetValueOrDefault(id)
                    ?? throw new InvalidDataException($"the dictionary {id} of column \"{field.Name}\" is missing"),
        };
    }

    private int ViewBuffers() =>
        _views < _viewBuffers.Length && _viewBuffers[_views++] is >= 0 and <= int.MaxValue - 1 and var count
        ? (int)count
        : throw new InvalidDataException("a batch does not say how many buffers its views have");

    private ReadOnlyMemory<byte> ReadBuffer()
    {
        if (2 * _buffer >= _buffers.Length)
        {
            throw new InvalidDataException("a batch has fewer buffers than the schema asks for");
        }

        var (start, length) = (_buffers[2 * _buffer], _buffers[(2 * _buffer) + 1]);
        _buffer++;
        if (start < 0 || length < 0 || start > _body.Length - length)
        {
            throw new InvalidDataException("a buffer lies outside of its batch");
        }

        var bytes = _body.Slice((int)start, (int)length);
        return _codec < 0 || bytes.IsEmpty ? bytes : Decompress(bytes);
    }

    private ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> bytes)
    {
        var size = bytes.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes.Span) : -2;
        return (size, _codec) switch
        {
            (-1, _) => bytes[8..],
            ( < 0 or > int.MaxValue - 64, _) =>
                throw new InvalidDataException("a compressed buffer has no valid length"),
            (_, 0) => Lz4Frame.Decompress(bytes[8..].Span, (int)size),
            (_, 1) => PageCodec.Decompress(6, bytes[8..].ToArray(), (int)size, name),
            _ => throw new InvalidDataException($"compression {_codec} is not known"),
        };
    }
}
