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
        if (text[start] == '\'' && Contractions.LengthAt(text[(start + 1)..]) is > 0 and var length)
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
            return LineRule.EndOfDigits(text, next, digits);
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

        return LineRule.EndOfSpaces(text, start);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count)
    {
        var block = TextBlock.ReadAll(padded, start, count);
        var (letters, others) = (block.Letters, block.Others);
        var decided = block.Decided;
        if (digits > 1)
        {
            // Digits are counted where each is one byte.
            decided &= TextBlock.Before(block.Digits & block.NonAscii);
        }

        // One character that is no line break joins the letters after it: white space, or another one that stands
        // alone, after whose last byte there are letters. To add its other bytes carries the bit there.
        var runs = others & ~(others << 1) & ~(block.Blanks << 1);
        var more = others & ~block.Heads;
        var joined = ((runs << 1) + more) | ((block.Spaces & ~block.Breaks) << 1);
        var starts = runs | (letters & ~(letters << 1) & ~joined) | LineRule.StartsOfDigits(block, digits)
            | LineRule.StartsOfSpaces(block, block.Spaces & block.NonAscii, count, ref decided);

        for (var marks = runs & block.Apostrophes & decided; marks != 0; marks &= marks - 1)
        {
            var mark = BitOperations.TrailingZeroCount(marks);
            Contractions.Cut(
                mark, Contractions.LengthAt(padded[(start + mark + 1)..(start + count)]), ref starts, ref decided);
        }

        return starts & decided;
    }

    private static int EndOfLineBreaks(ReadOnlySpan<byte> text, int index)
    {
        while (index < text.Length && text[index] is (byte)'\r' or (byte)'\n')
        {
            index++;
        }

        return index;
    }
}
