using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Gguf;

/// <summary>Turns numbers into the blocks of GGUF tensors, rounding as <c>ggml</c>'s own reference does.</summary>
public static class GgufBlockWriter
{
    private const int Block = 32;
    private const int Half = 16;

    /// <summary>Writes whole blocks.</summary>
    /// <param name="type">How they are stored: F32, F16, BF16, Q8_0, Q4_0 or Q4_1.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="blocks">Gets the bytes.</param>
    /// <exception cref="NotSupportedException">Another type.</exception>
    public static void Encode(GgmlType type, ReadOnlySpan<float> values, Span<byte> blocks)
    {
        switch (type)
        {
            case GgmlType.F32:
                MemoryMarshal.AsBytes(values).CopyTo(blocks);
                return;
            case GgmlType.F16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(blocks));
                return;
            case GgmlType.BF16:
                var narrow = MemoryMarshal.Cast<byte, BFloat16>(blocks);
                for (var i = 0; i < values.Length; i++)
                {
                    narrow[i] = (BFloat16)values[i];
                }

                return;
            case GgmlType.Q80:
                Each(values, blocks, type, Q8_0);
                return;
            case GgmlType.Q40:
                Each(values, blocks, type, Q4_0);
                return;
            case GgmlType.Q41:
                Each(values, blocks, type, Q4_1);
                return;
            default:
                throw new NotSupportedException(
                    $"{GgmlTypes.NameOf(type)} is not written; F32, F16, BF16, Q8_0, Q4_0 and Q4_1 are");
        }
    }

    // d = max|x| / 127;   q = round(x / d), halves away from 0
    private static void Q8_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = TensorPrimitives.MaxMagnitude(values) is var largest ? MathF.Abs(largest) / 127 : 0;
        var inverse = d == 0 ? 0 : 1 / d;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)d);
        for (var i = 0; i < Block; i++)
        {
            block[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }

    // d = x of the largest magnitude / −8;   q = min(15, ⌊x / d + 8.5⌋)
    private static void Q4_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var furthest = 0f;
        foreach (var value in values)
        {
            furthest = MathF.Abs(value) > MathF.Abs(furthest) ? value : furthest;
        }

        var d = furthest / -8;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)d);
        Nibbles(values, block[2..], d, offset: 0, rounding: 8.5f);
    }

    // d = (max − min) / 15;   q = min(15, ⌊(x − min) / d + 0.5⌋)
    private static void Q4_1(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (least, most) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        var d = (most - least) / 15;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)d);
        BinaryPrimitives.WriteHalfLittleEndian(block[2..], (Half)least);
        Nibbles(values, block[4..], d, least, rounding: 0.5f);
    }

    private static void Nibbles(ReadOnlySpan<float> values, Span<byte> bytes, float d, float offset, float rounding)
    {
        var inverse = d == 0 ? 0 : 1 / d;
        for (var i = 0; i < Half; i++)
        {
            bytes[i] = (byte)(Nibble(values[i]) | Nibble(values[i + Half]) << 4);
        }

        int Nibble(float value) => Math.Min(15, (int)(((value - offset) * inverse) + rounding));
    }

    private static void Each(ReadOnlySpan<float> values, Span<byte> blocks, GgmlType type, BlockEncoder encode)
    {
        var bytes = type.BlockBytes();
        for (var (from, to) = (0, 0); from < values.Length; from += Block, to += bytes)
        {
            encode(values.Slice(from, Block), blocks.Slice(to, bytes));
        }
    }

    private delegate void BlockEncoder(ReadOnlySpan<float> values, Span<byte> block);
}
