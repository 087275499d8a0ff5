using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>The values of a column in one batch. Every access is held inside its buffers.</summary>
internal sealed class ArrowArray
{
    public required ArrowField Field { get; init; }

    public required long Length { get; init; }

    /// <summary>A bit for each value that is not null; empty where none is.</summary>
    public ReadOnlyMemory<byte> Validity { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Buffers { get; init; } = [];

    public IReadOnlyList<ArrowArray> Children { get; init; } = [];

    /// <summary>What the values are indices into; null where they are stored as they are.</summary>
    public IReadOnlyList<ArrowArray>? Dictionary { get; init; }

    /// <summary>Whether a value is there.</summary>
    /// <exception cref="InvalidDataException">The index lies outside.</exception>
    public bool Has(long index)
    {
        if ((ulong)index >= (ulong)Length)
        {
            throw Outside();
        }

        return Validity.IsEmpty || BitReader.Read(Validity.Span, index, 1) == 1;
    }

    /// <summary>A bit of a buffer.</summary>
    public bool Bit(int buffer, long index) => BitReader.Read(Buffers[buffer].Span, index, 1) == 1;

    /// <summary>The bytes of a value of fixed width.</summary>
    public ReadOnlySpan<byte> Fixed(int buffer, long index, int width) => Bytes(buffer, index * width, width);

    /// <summary>Bytes of a buffer.</summary>
    /// <exception cref="InvalidDataException">They lie outside.</exception>
    public ReadOnlySpan<byte> Bytes(int buffer, long start, long length) =>
        buffer < Buffers.Count && start >= 0 && length >= 0 && start <= Buffers[buffer].Length - length
            ? Buffers[buffer].Span.Slice((int)start, (int)length)
            : throw Outside();

    /// <summary>An integer of a buffer.</summary>
    public long Integer(int buffer, long index, int width, bool isSigned = true)
    {
        var bytes = Fixed(buffer, index, width);
        return width switch
        {
            1 when isSigned => (sbyte)bytes[0],
            1 => bytes[0],
            2 when isSigned => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 when isSigned => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };
    }

    private static InvalidDataException Outside() => new("a value lies outside of its buffer");
}
