using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>Packed bits, least significant first, at any place.</summary>
internal static class BitReader
{
    /// <summary>Reads <paramref name="width"/> (0 … 64) bits from the bit <paramref name="start"/> on.</summary>
    /// <exception cref="InvalidDataException">The bytes end first.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, long start, int width)
    {
        if (width == 0)
        {
            return 0;
        }

        if (start + width > 8L * bytes.Length)
        {
            throw new InvalidDataException("packed values are cut off");
        }

        var (index, shift) = ((int)(start >> 3), (int)(start & 7));
        var low = index + 8 <= bytes.Length
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[index..])
            : Tail(bytes[index..]);
        var value = low >> shift;
        if (shift + width > 64)
        {
            value |= (ulong)bytes[index + 8] << (64 - shift);
        }

        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    private static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }
}
