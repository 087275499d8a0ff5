using System.Buffers.Binary;

namespace Hone.Models.Gguf;

/// <summary>Blocks whose 4-bit numbers stand for one of 16 values.</summary>
internal static class TableBlocks
{
    private static ReadOnlySpan<sbyte> Uneven =>
        [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    // Floats of one sign bit, two of exponent and one of mantissa, times 2.
    private static ReadOnlySpan<sbyte> DoubledFloats => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>d·t[q] over 32 numbers.</summary>
    public static void NonLinear(ReadOnlySpan<byte> block, Span<float> values) =>
        Part(Uneven, PlainBlocks.Number(block), block[2..], values);

    /// <summary>d·(s − 32)·t[q] over 256 numbers; s has 6 bits for each 32 of them.</summary>
    public static void NonLinearSuper(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = PlainBlocks.Number(block);
        var high = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (var part = 0; part < 8; part++)
        {
            var scale = block[4 + (part / 2)] >> (part % 2 * 4) & 0xf | (high >> (part * 2) & 3) << 4;
            Part(Uneven, d * (scale - 32), block.Slice(8 + (part * 16), 16), values.Slice(part * 32, 32));
        }
    }

    /// <summary>2^(e − 127)·float over 32 numbers. OCP Microscaling formats 1.0.</summary>
    public static void MxFloat(ReadOnlySpan<byte> block, Span<float> values) =>
        Part(DoubledFloats, MathF.ScaleB(1, block[0] - 128), block[1..], values);

    /// <summary>An unsigned 8-bit float times a 4-bit one over 64 numbers, a factor for each 16.</summary>
    public static void NvFloat(ReadOnlySpan<byte> block, Span<float> values)
    {
        for (var part = 0; part < 4; part++)
        {
            Part(DoubledFloats, EightBitFloat(block[part]) / 2, block.Slice(4 + (part * 8), 8),
                values.Slice(part * 16, 16));
        }
    }

    // The low halves of all bytes, then the high ones.
    private static void Part(ReadOnlySpan<sbyte> table, float factor, ReadOnlySpan<byte> quants, Span<float> values)
    {
        var half = values.Length / 2;
        for (var i = 0; i < half; i++)
        {
            values[i] = factor * table[quants[i] & 0xf];
            values[i + half] = factor * table[quants[i] >> 4];
        }
    }

    // Four bits of exponent, biased by 7, and three of mantissa; 0x7f is not a number, and counts as 0 here.
    private static float EightBitFloat(byte bits)
    {
        var (exponent, mantissa) = (bits >> 3 & 0xf, bits & 7);
        return (bits & 0x7f) == 0x7f ? 0
            : exponent == 0 ? MathF.ScaleB(mantissa, -9)
            : MathF.ScaleB(8 + mantissa, exponent - 10);
    }
}
