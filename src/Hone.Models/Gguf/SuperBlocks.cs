using System.Buffers.Binary;

namespace Hone.Models.Gguf;

/// <summary>
/// Blocks of 256 numbers ("K quants"): parts of 16 or 32 have scales of their own, which share a factor.
/// </summary>
internal static class SuperBlocks
{
    private const int Whole = 256;

    /// <summary>d·s·q − dmin·m over parts of 16; s and m have 4 bits, q has 2.</summary>
    public static void Q2(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scales = block[..16];
        var quants = block.Slice(16, 64);
        var (d, least) = (PlainBlocks.Number(block[80..]), PlainBlocks.Number(block[82..]));
        for (var part = 0; part < 16; part++)
        {
            var (factor, minimum) = (d * (scales[part] & 0xf), least * (scales[part] >> 4));
            var (from, shift) = TwoBits(part);
            for (var i = 0; i < 16; i++)
            {
                values[(part * 16) + i] = (factor * (quants[from + i] >> shift & 3)) - minimum;
            }
        }
    }

    /// <summary>
    /// d·(s − 32)·(q − 4) over parts of 16; s has 6 bits, q has 3, of which the highest stands apart.
    /// </summary>
    public static void Q3(ReadOnlySpan<byte> block, Span<float> values)
    {
        var high = block[..32];
        var quants = block.Slice(32, 64);
        var scales = block.Slice(96, 12);
        var d = PlainBlocks.Number(block[108..]);
        for (var part = 0; part < 16; part++)
        {
            var low = part < 8 ? scales[part] & 0xf : scales[part - 8] >> 4;
            var top = scales[8 + (part % 4)] >> (part / 4 * 2) & 3;
            var factor = d * ((low | top << 4) - 32);
            var (from, shift) = TwoBits(part);
            var bit = part / 2;
            for (var i = 0; i < 16; i++)
            {
                var missing = (high[(part % 2 * 16) + i] >> bit & 1) == 0 ? 4 : 0;
                values[(part * 16) + i] = factor * ((quants[from + i] >> shift & 3) - missing);
            }
        }
    }

    /// <summary>d·s·q − dmin·m over parts of 32; s and m have 6 bits, q has 4.</summary>
    public static void Q4(ReadOnlySpan<byte> block, Span<float> values) =>
        Q4OrQ5(block, [], block.Slice(16, 128), values);

    /// <summary>The same; q has 5 bits, of which the highest stands apart.</summary>
    public static void Q5(ReadOnlySpan<byte> block, Span<float> values) =>
        Q4OrQ5(block, block.Slice(16, 32), block.Slice(48, 128), values);

    /// <summary>d·s·(q − 32) over parts of 16; s has 8 bits, q has 6, of which the highest two stand apart.</summary>
    public static void Q6(ReadOnlySpan<byte> block, Span<float> values)
    {
        var low = block[..128];
        var high = block.Slice(128, 64);
        var scales = block.Slice(192, 16);
        var d = PlainBlocks.Number(block[208..]);
        for (var i = 0; i < Whole; i++)
        {
            // Each half of 128 numbers has 64 bytes of low bits, 32 of high ones.
            var (half, within) = (i / 128, i % 128);
            var nibble = low[(half * 64) + (within % 64)] >> (within / 64 * 4) & 0xf;
            var top = high[(half * 32) + (within % 32)] >> (within / 32 * 2) & 3;
            values[i] = d * (sbyte)scales[i / 16] * ((nibble | top << 4) - 32);
        }
    }

    /// <summary>d·q; the sums that follow are for products, not for values.</summary>
    public static void Q8(ReadOnlySpan<byte> block, Span<float> values) =>
        PlainBlocks.Bytes(BinaryPrimitives.ReadSingleLittleEndian(block), block[4..], values);

    private static void Q4OrQ5(
        ReadOnlySpan<byte> block, ReadOnlySpan<byte> high, ReadOnlySpan<byte> quants, Span<float> values)
    {
        var (d, least) = (PlainBlocks.Number(block), PlainBlocks.Number(block[2..]));
        var scales = block.Slice(4, 12);
        for (var part = 0; part < 8; part++)
        {
            var (scale, minimum) = SixBits(scales, part);
            var (factor, below) = (d * scale, least * minimum);
            for (var i = 0; i < 32; i++)
            {
                var q = quants[(part / 2 * 32) + i] >> (part % 2 * 4) & 0xf;
                var fifth = high.IsEmpty ? 0 : (high[i] >> part & 1) << 4;
                values[(part * 32) + i] = (factor * (q | fifth)) - below;
            }
        }
    }

    // 128 numbers take 32 bytes, two bits each: the first 32 numbers the lowest bits of all bytes, and so on.
    private static (int From, int Shift) TwoBits(int part) => ((part / 8 * 32) + (part % 2 * 16), part % 8 / 2 * 2);

    // Eight scales and eight least values of six bits in twelve bytes: those of the last four parts are split in two.
    private static (int Scale, int Minimum) SixBits(ReadOnlySpan<byte> packed, int part) => part < 4
        ? (packed[part] & 63, packed[part + 4] & 63)
        : (packed[part + 4] & 0xf | packed[part - 4] >> 6 << 4, packed[part + 4] >> 4 | packed[part] >> 6 << 4);
}
