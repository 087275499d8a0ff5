using System.Buffers.Binary;

namespace Hone.Models.Gguf;

/// <summary>Blocks of 32 numbers with a factor d, and a least value m in some.</summary>
/// <remarks>The first 16 numbers stand in the low halves of 16 bytes, the others in the high halves.</remarks>
internal static class PlainBlocks
{
    private const int Half = 16;

    /// <summary>d·(q − 8).</summary>
    public static void Q4_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = Number(block);
        for (var i = 0; i < Half; i++)
        {
            var q = block[2 + i];
            values[i] = d * ((q & 0xf) - 8);
            values[i + Half] = d * ((q >> 4) - 8);
        }
    }

    /// <summary>d·q + m.</summary>
    public static void Q4_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (d, m) = (Number(block), Number(block[2..]));
        for (var i = 0; i < Half; i++)
        {
            var q = block[4 + i];
            values[i] = (d * (q & 0xf)) + m;
            values[i + Half] = (d * (q >> 4)) + m;
        }
    }

    /// <summary>d·(q − 16).</summary>
    public static void Q5_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = Number(block);
        var high = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        for (var i = 0; i < Half; i++)
        {
            var q = block[6 + i];
            values[i] = d * ((q & 0xf | FifthBit(high, i)) - 16);
            values[i + Half] = d * ((q >> 4 | FifthBit(high, i + Half)) - 16);
        }
    }

    /// <summary>d·q + m.</summary>
    public static void Q5_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (d, m) = (Number(block), Number(block[2..]));
        var high = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        for (var i = 0; i < Half; i++)
        {
            var q = block[8 + i];
            values[i] = (d * (q & 0xf | FifthBit(high, i))) + m;
            values[i + Half] = (d * (q >> 4 | FifthBit(high, i + Half))) + m;
        }
    }

    /// <summary>d·q.</summary>
    public static void Q8_0(ReadOnlySpan<byte> block, Span<float> values) => Bytes(Number(block), block[2..], values);

    /// <summary>d·q; the sum that stands beside d is for products, not for values.</summary>
    public static void Q8_1(ReadOnlySpan<byte> block, Span<float> values) => Bytes(Number(block), block[4..], values);

    /// <summary>The half-precision number at the start.</summary>
    public static float Number(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>Factor times signed bytes.</summary>
    public static void Bytes(float d, ReadOnlySpan<byte> quants, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = d * (sbyte)quants[i];
        }
    }

    private static int FifthBit(uint bits, int place) => (int)(bits >> place & 1) << 4;
}
