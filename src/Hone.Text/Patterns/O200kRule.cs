using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Text.Patterns;

/// <summary>The pattern of GPT-4o: words end where small letters are followed by a capital, and keep endings such as
/// <c>'ll</c>.</summary>
internal readonly struct O200kRule : ICuttingRule
{
    /// <summary>The pattern that this rule stands for.</summary>
    public const string Text = Before + Upper + "*" + Lower + "+" + Endings + "|" + Before + Upper + "+" + Lower + "*"
        + Endings + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Before = @"[^\r\n\p{L}\p{N}]?";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string Endings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private const int Digits = 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int EndOfPiece(ReadOnlySpan<byte> text, int start)
    {
        var kind = WordClasses.At(text, start, out var first);
        var next = start + first;
        if (kind == WordClass.Letter)
        {
            return EndOfEnding(text, EndOfWord(text, start, out _));
        }

        if (kind == WordClass.Number)
        {
            return LineRule.EndOfDigits(text, next, Digits);
        }

        if (text[start] is not ((byte)'\r' or (byte)'\n'))
        {
            // Any character may stand before a word. A mark may also be one: where small letters are wanted after it
            // and there are none, that comes before a word of capitals alone.
            var end = EndOfWord(text, next, out var hasLower);
            if (end > next && !hasLower && LetterCases.At(text, start, out _) == LetterCase.Either)
            {
                end = next;
            }
            else if (end == next && LetterCases.At(text, start, out _) != LetterCase.Either)
            {
                end = start;
            }

            if (end > start)
            {
                return EndOfEnding(text, end);
            }
        }

        if (kind == WordClass.Other
            || (text[start] == ' ' && next < text.Length && WordClasses.At(text, next, out _) == WordClass.Other))
        {
            return EndOfBreaks(text, WordClasses.RunEnd(text, next, WordClass.Other));
        }

        return LineRule.EndOfSpaces(text, start);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count)
    {
        var block = TextBlock.Read(padded, start, count);
        var decided = TextBlock.Before(block.NonAscii) >> 1;
        if (decided <= 1)
        {
            return decided;
        }

        var (letters, upper, breaks) = (block.Letters, block.Upper, block.Breaks);
        var runs = block.Others & ~(block.Others << 1) & ~(block.Blanks << 1);
        var joined = (runs | (block.Spaces & ~breaks)) << 1;
        var starts = runs | (letters & ~(letters << 1) & ~joined) | (upper & ((letters & ~upper) << 1))
            | LineRule.StartsOfDigits(block, Digits)
            | LineRule.StartsOfSpaces(block, block.NonAscii, count, ref decided);

        // Slashes go on with what line breaks end that follow other characters.
        decided &= TextBlock.Before(block.Slashes & (breaks << 1));
        CutEndings(padded[start..(start + count)], block.Apostrophes & (letters << 1), ref starts, ref decided);
        return starts & decided;
    }

    // An ending is its word's, unless the word is an ending itself, after which a new one begins.
    private static void CutEndings(ReadOnlySpan<byte> text, ulong marks, ref ulong starts, ref ulong decided)
    {
        var last = 0;
        for (marks &= decided; marks != 0; marks &= marks - 1)
        {
            var mark = BitOperations.TrailingZeroCount(marks);
            if (mark + Contractions.Longest >= TextBlock.Size)
            {
                decided &= (1UL << mark) - 1;
            }
            else if (mark != last && Contractions.LengthAt(text[(mark + 1)..]) is > 0 and var length)
            {
                last = mark + 1 + length;
                starts = (starts & ~(((2UL << length) - 1) << mark)) | (1UL << last);
            }
        }
    }

    // The capitals first, of which letters without case and marks may be some: then at least one small letter, of which
    // these may be some as well, and where there is none, none.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EndOfWord(ReadOnlySpan<byte> text, int start, out bool hasLower)
    {
        var (index, afterEither) = (start, start);
        while (index < text.Length)
        {
            var letter = LetterCases.At(text, index, out var length);
            if (letter == LetterCase.Lower)
            {
                hasLower = true;
                return EndOfLower(text, index + length);
            }

            if (letter == LetterCase.None)
            {
                break;
            }

            index += length;
            afterEither = letter == LetterCase.Either ? index : afterEither;
        }

        hasLower = afterEither > start;
        return hasLower ? afterEither : index;
    }

    private static int EndOfLower(ReadOnlySpan<byte> text, int index)
    {
        while (index < text.Length
            && LetterCases.At(text, index, out var length) is LetterCase.Lower or LetterCase.Either)
        {
            index += length;
        }

        return index;
    }

    private static int EndOfEnding(ReadOnlySpan<byte> text, int index) =>
        index < text.Length && text[index] == '\'' && Contractions.LengthAt(text[(index + 1)..]) is > 0 and var length
            ? index + 1 + length
            : index;

    private static int EndOfBreaks(ReadOnlySpan<byte> text, int index)
    {
        while (index < text.Length && text[index] is (byte)'\r' or (byte)'\n' or (byte)'/')
        {
            index++;
        }

        return index;
    }
}
