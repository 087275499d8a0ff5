using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Text.Patterns;

/// <summary>What the patterns since GPT-4 have in common: line breaks end white space, digits are
/// counted.</summary>
internal static class LineRule
{
    /// <summary>Where <c>\s*[\r\n]+|\s+(?!\S)|\s+</c> starts in a block, line breaks after other characters being
    /// theirs.</summary>
    /// <param name="block">The block.</param>
    /// <param name="wide">Bytes of white space beyond ASCII, or of what may be some.</param>
    /// <param name="count">How many bytes of the block are text.</param>
    /// <param name="decided">Loses the places that the block leaves open.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong StartsOfSpaces(in TextBlock block, ulong wide, int count, ref ulong decided)
    {
        var (spaces, breaks) = (block.Spaces, block.Breaks);
        var inLine = spaces & ~breaks & ~wide;

        // White space ends after its last line break, and before its last character in front of a word.
        var afterBreaks = inLine & (breaks << 1);
        var starts = (spaces & ~(spaces << 1) & ~(breaks & (block.Others << 1))) | afterBreaks
            | (inLine & ~(spaces >> 1));

        // Where breaks may follow again the run of white space is left undecided.
        var ends = inLine + afterBreaks;
        var open = ends & (breaks | wide);
        if (open != 0)
        {
            decided &= UpToRunOf(spaces, BitOperations.TrailingZeroCount(open));
        }
        else if (ends < inLine && count == TextBlock.Size)
        {
            decided &= UpToRunOf(spaces, TextBlock.Size - 1);
        }

        decided &= TextBlock.Before(wide);
        return starts;
    }

    /// <summary>Where numbers of up to <paramref name="most"/> digits start in a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong StartsOfDigits(in TextBlock block, int most)
    {
        var run = block.Digits;
        if (most == 1)
        {
            return run & block.Heads;
        }

        var starts = run & ~(run << 1);
        var full = run & (run << 1) & (run << 2);
        for (var next = (starts << most) & full; next != 0; next = (next << most) & full)
        {
            starts |= next;
        }

        return starts;
    }

    /// <summary>End of the number of up to <paramref name="most"/> digits whose second one would be at
    /// <paramref name="index"/>.</summary>
    public static int EndOfDigits(ReadOnlySpan<byte> text, int index, int most)
    {
        for (var count = 1; count < most && index < text.Length; count++)
        {
            if (WordClasses.At(text, index, out var length) != WordClass.Number)
            {
                break;
            }

            index += length;
        }

        return index;
    }

    /// <summary>What <c>\s*[\r\n]+|\s+(?!\S)|\s+</c> matches: the run of white space up to its last line break, since
    /// <c>\s*</c> gives back no more than it must; without one as for <see cref="Gpt2Rule"/>.</summary>
    public static int EndOfSpaces(ReadOnlySpan<byte> text, int start)
    {
        var run = text[start..WordClasses.RunEnd(text, start, WordClass.Space)];
        var lastBreak = run.LastIndexOfAny((byte)'\r', (byte)'\n');
        return lastBreak >= 0 ? start + lastBreak + 1 : Gpt2Rule.EndOfSpaces(text, start);
    }

    private static ulong UpToRunOf(ulong spaces, int bit)
    {
        var before = ~spaces & ((1UL << bit) - 1);
        return before == 0 ? 0 : (2UL << BitOperations.Log2(before)) - 1;
    }
}
