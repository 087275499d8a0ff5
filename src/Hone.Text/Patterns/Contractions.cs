namespace Hone.Text.Patterns;

/// <summary>Endings such as <c>'ll</c> in a block of piece starts.</summary>
internal static class Contractions
{
    // An apostrophe, at most two letters and the start of what follows must lie in the block.
    private const int Longest = 3;

    /// <summary>Makes the apostrophe at the bit <paramref name="mark"/> a piece with the <paramref name="length"/>
    /// letters after it; with none nothing changes.</summary>
    public static void Cut(int mark, int length, ref ulong starts, ref ulong decided)
    {
        if (mark + Longest >= AsciiBlock.Size)
        {
            decided &= (2UL << mark) - 1;
        }
        else if (length > 0)
        {
            starts &= ~(2UL << mark);
            starts |= 2UL << (mark + length);
        }
    }
}
