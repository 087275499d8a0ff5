namespace Hone.Text.Patterns;

/// <summary>Endings such as <c>'ll</c> in a block of piece starts.</summary>
internal static class Contractions
{
    /// <summary>An apostrophe and at most two letters: where these and the start of what follows lie in a block, it is
    /// decided.</summary>
    public const int Longest = 3;

    /// <summary>Makes the apostrophe at the bit <paramref name="mark"/> a piece with the <paramref name="length"/>
    /// letters after it; with none nothing changes.</summary>
    public static void Cut(int mark, int length, ref ulong starts, ref ulong decided)
    {
        if (mark + Longest >= TextBlock.Size)
        {
            decided &= (2UL << mark) - 1;
        }
        else if (length > 0)
        {
            starts &= ~(2UL << mark);
            starts |= 2UL << (mark + length);
        }
    }

    /// <summary>Number of letters, in bytes, of the contraction whose apostrophe stands before <paramref name="rest"/>,
    /// in either case: <c>(?i:s|t|re|ve|m|ll|d)</c>; 0 for none. The long s (U+017F, C5 BF) is an s by case
    /// folding.</summary>
    public static int LengthAt(ReadOnlySpan<byte> rest) => rest switch
    {
        [(byte)'s' or (byte)'S' or (byte)'t' or (byte)'T' or (byte)'m' or (byte)'M' or (byte)'d' or (byte)'D', ..] => 1,
        [(byte)'r' or (byte)'R' or (byte)'v' or (byte)'V', (byte)'e' or (byte)'E', ..] => 2,
        [(byte)'l' or (byte)'L', (byte)'l' or (byte)'L', ..] => 2,
        [0xC5, 0xBF, ..] => 2,
        _ => 0,
    };
}
