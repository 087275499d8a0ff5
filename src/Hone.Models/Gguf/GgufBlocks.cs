using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Gguf;

/// <summary>Turns the blocks of GGUF tensors into numbers.</summary>
public static class GgufBlocks
{
    /// <summary>Whether numbers of the type can be read.</summary>
    /// <param name="type">The type.</param>
    public static bool CanDecode(GgmlType type) => type is not (
        GgmlType.IQ1S or GgmlType.IQ1M or GgmlType.IQ2XXS or GgmlType.IQ2XS or GgmlType.IQ2S or GgmlType.IQ3XXS
            or GgmlType.IQ3S);

    /// <summary>Reads whole blocks.</summary>
    /// <param name="type">How they are stored.</param>
    /// <param name="blocks">The bytes of the file.</param>
    /// <param name="values">Gets <c>blocks.Length / BlockBytes · BlockSize</c> numbers.</param>
    /// <exception cref="NotSupportedException">The type needs tables of patterns; see
    /// <see cref="CanDecode"/>.</exception>
    public static void Decode(GgmlType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        switch (type)
        {
            case GgmlType.F32:
                MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values);
                break;
            case GgmlType.F16:
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(
                    MemoryMarshal.Cast<byte, Half>(blocks), values);
                break;
            case GgmlType.BF16:
                Each(blocks, values, 2, bytes => new BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(bytes)));
                break;
            case GgmlType.F64:
                Each(blocks, values, 8, bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes));
                break;
            case GgmlType.I8:
                Each(blocks, values, 1, bytes => (sbyte)bytes[0]);
                break;
            case GgmlType.I16:
                Each(blocks, values, 2, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes));
                break;
            case GgmlType.I32:
                Each(blocks, values, 4, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes));
                break;
            case GgmlType.I64:
                Each(blocks, values, 8, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes));
                break;
            default:
                Blocks(DecoderOf(type), blocks, values, type.BlockBytes(), type.BlockSize());
                break;
        }
    }

    private static BlockDecoder DecoderOf(GgmlType type) => type switch
    {
        GgmlType.Q40 => PlainBlocks.Q4_0,
        GgmlType.Q41 => PlainBlocks.Q4_1,
        GgmlType.Q50 => PlainBlocks.Q5_0,
        GgmlType.Q51 => PlainBlocks.Q5_1,
        GgmlType.Q80 => PlainBlocks.Q8_0,
        GgmlType.Q81 => PlainBlocks.Q8_1,
        GgmlType.Q2K => SuperBlocks.Q2,
        GgmlType.Q3K => SuperBlocks.Q3,
        GgmlType.Q4K => SuperBlocks.Q4,
        GgmlType.Q5K => SuperBlocks.Q5,
        GgmlType.Q6K => SuperBlocks.Q6,
        GgmlType.Q8K => SuperBlocks.Q8,
        GgmlType.IQ4NL => TableBlocks.NonLinear,
        GgmlType.IQ4XS => TableBlocks.NonLinearSuper,
        GgmlType.MXFP4 => TableBlocks.MxFloat,
        GgmlType.NVFP4 => TableBlocks.NvFloat,
        GgmlType.TQ10 => TernaryBlocks.FiveInAByte,
        GgmlType.TQ20 => TernaryBlocks.FourInAByte,
        _ => throw new NotSupportedException(
            $"{GgmlTypes.NameOf(type)} needs tables of patterns, which are not built in"),
    };

    private static void Blocks(BlockDecoder decode, ReadOnlySpan<byte> blocks, Span<float> values, int bytes, int size)
    {
        for (var (at, to) = (0, 0); at < blocks.Length; at += bytes, to += size)
        {
            decode(blocks.Slice(at, bytes), values.Slice(to, size));
        }
    }

    private static void Each(ReadOnlySpan<byte> bytes, Span<float> values, int size, NumberDecoder decode)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = decode(bytes.Slice(i * size, size));
        }
    }

    private delegate float NumberDecoder(ReadOnlySpan<byte> bytes);

    private delegate void BlockDecoder(ReadOnlySpan<byte> block, Span<float> values);
}
