using System.Buffers.Binary;
using System.Numerics;

namespace Hone.Data;

/// <summary>Bits read from the end of some bytes to their start, as Zstandard's entropy coders write them (RFC 8878,
/// 4.1).</summary>
internal ref struct BackwardBits
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Starts at the highest set bit of the last byte, which only marks the end.</summary>
    /// <exception cref="InvalidDataException">There is no such bit.</exception>
    public BackwardBits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] == 0)
        {
            throw new InvalidDataException("a bit stream has no end mark");
        }

        _bytes = bytes;
        Left = (8 * (bytes.Length - 1)) + BitOperations.Log2(bytes[^1]);
    }

    /// <summary>Bits that are left; negative when more were read than there are.</summary>
    public int Left { get; private set; }

    /// <summary>The next <paramref name="count"/> (at most 32) bits without taking them; beyond the start they are
    /// zero.</summary>
    public readonly uint Peek(int count)
    {
        var start = Left - count;
        var missing = Math.Clamp(-start, 0, count);
        start = Math.Max(0, start);
        var index = start >> 3;
        var bits = index + 8 <= _bytes.Length
            ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes[index..])
            : Tail(index);
        bits = (bits >> (start & 7)) & ((1UL << (count - missing)) - 1);
        return (uint)(bits << missing);
    }

    /// <summary>Takes bits.</summary>
    public void Skip(int count) => Left -= count;

    /// <summary>Takes the next <paramref name="count"/> bits.</summary>
    public uint Read(int count)
    {
        var value = Peek(count);
        Left -= count;
        return value;
    }

    private readonly ulong Tail(int index)
    {
        var bits = 0UL;
        for (var i = _bytes.Length - 1; i >= index; i--)
        {
            bits = (bits << 8) | _bytes[i];
        }

        return bits;
    }
}
