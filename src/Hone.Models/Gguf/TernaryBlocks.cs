namespace Hone.Models.Gguf;

/// <summary>Blocks of 256 numbers that are −d, 0 or d.</summary>
internal static class TernaryBlocks
{
    private static ReadOnlySpan<byte> PowersOfThree => [1, 3, 9, 27, 81];

    /// <summary>Five in a byte, as digits of a fraction to the base 3; the last 16 numbers four in a byte.</summary>
    public static void FiveInAByte(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = PlainBlocks.Number(block[52..]);
        Digits(d, block[..32], 5, values);
        Digits(d, block.Slice(32, 16), 5, values[160..]);
        Digits(d, block.Slice(48, 4), 4, values[240..]);
    }

    /// <summary>Four in a byte, two bits each.</summary>
    public static void FourInAByte(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = PlainBlocks.Number(block[64..]);
        for (var i = 0; i < values.Length; i++)
        {
            var (half, within) = (i / 128, i % 128);
            values[i] = d * ((block[(half * 32) + (within % 32)] >> (within / 32 * 2) & 3) - 1);
        }
    }

    // The first digit of every byte, then the second of every byte, and so on.
    private static void Digits(float d, ReadOnlySpan<byte> bytes, int digits, Span<float> values)
    {
        for (var digit = 0; digit < digits; digit++)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                var rest = (byte)(bytes[i] * PowersOfThree[digit]);
                values[(digit * bytes.Length) + i] = d * ((rest * 3 >> 8) - 1);
            }
        }
    }
}
