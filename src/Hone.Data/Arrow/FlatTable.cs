using System.Buffers.Binary;
using System.Text;

namespace Hone.Data;

/// <summary>A table of a FlatBuffer, in which Arrow writes its metadata. Every access is held inside the
/// buffer.</summary>
/// <param name="buffer">The whole buffer.</param>
/// <param name="position">Where the table stands.</param>
internal readonly struct FlatTable(ReadOnlyMemory<byte> buffer, int position)
{
    /// <summary>The table that a buffer begins with.</summary>
    /// <exception cref="InvalidDataException">It lies outside.</exception>
    public static FlatTable Root(ReadOnlyMemory<byte> buffer) => new FlatTable(buffer, 0).Follow(0);

    /// <summary>Whether the field is there.</summary>
    public bool Has(int slot) => Find(slot) > 0;

    /// <summary>A byte, or what it is by default.</summary>
    public byte UInt8(int slot, byte otherwise = 0) => Find(slot) is > 0 and var at ? At(at, 1)[0] : otherwise;

    /// <summary>An integer of 16 bits, or what it is by default.</summary>
    public short Int16(int slot, short otherwise = 0) =>
        Find(slot) is > 0 and var at ? BinaryPrimitives.ReadInt16LittleEndian(At(at, 2)) : otherwise;

    /// <summary>An integer of 32 bits, or what it is by default.</summary>
    public int Int32(int slot, int otherwise = 0) =>
        Find(slot) is > 0 and var at ? BinaryPrimitives.ReadInt32LittleEndian(At(at, 4)) : otherwise;

    /// <summary>An integer of 64 bits, or 0.</summary>
    public long Int64(int slot) => Find(slot) is > 0 and var at ? BinaryPrimitives.ReadInt64LittleEndian(At(at, 8)) : 0;

    /// <summary>Text, or nothing.</summary>
    public string Text(int slot)
    {
        if (Find(slot) is not (> 0 and var at))
        {
            return "";
        }

        var (start, length) = Vector(at, 1);
        return Encoding.UTF8.GetString(At(start, length));
    }

    /// <summary>A table that must be there.</summary>
    public FlatTable Table(int slot) => Find(slot) is > 0 and var at ? Follow(at) : throw Malformed();

    /// <summary>The tables of a list; none if it is not there.</summary>
    public IReadOnlyList<FlatTable> Tables(int slot)
    {
        if (Find(slot) is not (> 0 and var at))
        {
            return [];
        }

        var (start, count) = Vector(at, 4);
        var tables = new FlatTable[count];
        for (var i = 0; i < count; i++)
        {
            tables[i] = Follow(start + (4 * i));
        }

        return tables;
    }

    /// <summary>The integers of 64 bits of a list of structs, each of so many; none if it is not there.</summary>
    public long[] Words(int slot, int perElement)
    {
        if (Find(slot) is not (> 0 and var at))
        {
            return [];
        }

        var (start, count) = Vector(at, 8 * perElement);
        var words = new long[count * perElement];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadInt64LittleEndian(At(start + (8 * i), 8));
        }

        return words;
    }

    private static InvalidDataException Malformed() => new("the metadata are no valid FlatBuffer");

    private ReadOnlySpan<byte> At(long start, long length) =>
        start >= 0 && length >= 0 && start <= buffer.Length - length
        ? buffer.Span.Slice((int)start, (int)length)
        : throw Malformed();

    private FlatTable Follow(int at) => new(buffer, Target(at));

    private int Target(int at) =>
        at + (long)BinaryPrimitives.ReadUInt32LittleEndian(At(at, 4)) is <= int.MaxValue and var target
        ? (int)target
        : throw Malformed();

    private (int Start, int Count) Vector(int at, int elementSize)
    {
        var start = Target(at);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(At(start, 4));
        At(start + 4L, count * (long)elementSize);
        return (start + 4, (int)count);
    }

    /// <summary>Where the field in <paramref name="slot"/> stands; 0 if it is not there.</summary>
    private int Find(int slot)
    {
        var directory = position - (long)BinaryPrimitives.ReadInt32LittleEndian(At(position, 4));
        var entry = 4 + (2 * slot);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(At(directory, 2));
        var offset = entry + 2 <= size ? BinaryPrimitives.ReadUInt16LittleEndian(At(directory + entry, 2)) : 0;
        return offset == 0 ? 0 : position + offset;
    }
}
