using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Text.Patterns;

/// <summary>The pattern of GPT-4, Llama 3 and Qwen 2; they differ in how many digits stand together.</summary>
internal readonly struct Cl100kRule(int digits) : ICuttingRule
{
    /// <summary>The pattern with up to three digits together.</summary>
    public const string ThreeDigits = Endings + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + Rest;

    /// <summary>The pattern with each digit alone.</summary>
    public const string OneDigit = Endings + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + Rest;

    private const string Endings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int EndOfPiece(ReadOnlySpan<byte> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..]) is > 0 and var length)
        {
            return start + 1 + length;
        }

        var kind = WordClasses.At(text, start, out var first);
        var next = start + first;
        if (kind == WordClass.Letter)
        {
            return WordClasses.RunEnd(text, next, WordClass.Letter);
        }

        if (kind == WordClass.Number)
        {
            return EndOfDigits(text, next);
        }

        var after = next < text.Length ? WordClasses.At(text, next, out _) : WordClass.Space;
        if (after == WordClass.Letter && text[start] is not ((byte)'\r' or (byte)'\n'))
        {
            return WordClasses.RunEnd(text, next, WordClass.Letter);
        }

        if (kind == WordClass.Other || (text[start] == ' ' && after == WordClass.Other))
        {
            return EndOfLineBreaks(text, WordClasses.RunEnd(text, next, WordClass.Other));
        }

        return EndOfSpaces(text, start);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count)
    {
        var block = AsciiBlock.Read(padded, start, count);
        var (letters, others, spaces, breaks) = (block.Letters, block.Others, block.Spaces, block.Breaks);
        var decided = block.Decided;
        var inLine = spaces & ~breaks;

        // One character that is no line break joins the letters after it: white space, or another one that stands
        // alone.
        var runs = others & ~(others << 1) & ~(block.Blanks << 1);
        var joined = inLine | (runs & ~(others >> 1));
        var starts = runs | (letters & ~(letters << 1) & ~(joined << 1)) | StartsOfDigits(block.Digits);

        // White space ends after its last line break, and before its last character in front of a word. Line breaks
        // after other characters are theirs.
        var afterBreaks = inLine & (breaks << 1);
        starts |= (spaces & ~(spaces << 1) & ~(breaks & (others << 1))) | afterBreaks | (inLine & ~(spaces >> 1));

        // Where breaks may follow again the run of white space is left undecided.
        var ends = inLine + afterBreaks;
        var open = ends & (breaks | block.NonAscii);
        if (open != 0)
        {
            decided &= UpToRunOf(spaces, BitOperations.TrailingZeroCount(open));
        }
        else if (ends < inLine && count == AsciiBlock.Size)
        {
            decided &= UpToRunOf(spaces, AsciiBlock.Size - 1);
        }

        for (var marks = runs & block.Apostrophes & decided; marks != 0; marks &= marks - 1)
        {
            var mark = BitOperations.TrailingZeroCount(marks);
            Contractions.Cut(
                mark, ContractionLength(padded[(start + mark + 1)..(start + count)]), ref starts, ref decided);
        }

        return starts & decided;
    }

    private static ulong UpToRunOf(ulong spaces, int bit)
    {
        var before = ~spaces & ((1UL << bit) - 1);
        return before == 0 ? 0 : (2UL << BitOperations.Log2(before)) - 1;
    }

    private ulong StartsOfDigits(ulong run)
    {
        if (digits == 1)
        {
            return run;
        }

        var starts = run & ~(run << 1);
        var full = run & (run << 1) & (run << 2);
        for (var next = (starts << digits) & full; next != 0; next = (next << digits) & full)
        {
            starts |= next;
        }

        return starts;
    }

    private int EndOfDigits(ReadOnlySpan<byte> text, int index)
    {
        for (var count = 1; count < digits && index < text.Length; count++)
        {
            if (WordClasses.At(text, index, out var length) != WordClass.Number)
            {
                break;
            }

            index += length;
        }

        return index;
    }

    private static int EndOfLineBreaks(ReadOnlySpan<byte> text, int index)
    {
        while (index < text.Length && text[index] is (byte)'\r' or (byte)'\n')
        {
            index++;
        }

        return index;
    }

    // \s*[\r\n]+ ends after the last line break of the run, since \s* gives back no more than it must.
    private static int EndOfSpaces(ReadOnlySpan<byte> text, int start)
    {
        var run = text[start..WordClasses.RunEnd(text, start, WordClass.Space)];
        var lastBreak = run.LastIndexOfAny((byte)'\r', (byte)'\n');
        return lastBreak >= 0 ? start + lastBreak + 1 : Gpt2Rule.EndOfSpaces(text, start);
    }

    // The long s (U+017F, C5 BF) is an s by case folding.
    private static int ContractionLength(ReadOnlySpan<byte> rest) => rest switch
    {
        [(byte)'s' or (byte)'S' or (byte)'t' or (byte)'T' or (byte)'m' or (byte)'M' or (byte)'d' or (byte)'D', ..] => 1,
        [(byte)'r' or (byte)'R' or (byte)'v' or (byte)'V', (byte)'e' or (byte)'E', ..] => 2,
        [(byte)'l' or (byte)'L', (byte)'l' or (byte)'L', ..] => 2,
        [0xC5, 0xBF, ..] => 2,
        _ => 0,
    };
}
