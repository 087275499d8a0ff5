using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Patterns;

/// <summary>The pattern of GPT-2: contractions, then words, numbers and the rest, each with one blank before
/// it.</summary>
internal readonly struct Gpt2Rule : ICuttingRule
{
    /// <summary>The pattern that this rule stands for.</summary>
    public const string Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

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
        if (kind != WordClass.Space)
        {
            return WordClasses.RunEnd(text, next, kind);
        }

        if (text[start] == ' ' && next < text.Length
            && WordClasses.At(text, next, out _) is not WordClass.Space and var after)
        {
            return WordClasses.RunEnd(text, next, after);
        }

        return EndOfSpaces(text, start);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count)
    {
        var block = TextBlock.ReadAll(padded, start, count);
        var (letters, digits, others, spaces) = (block.Letters, block.Digits, block.Others, block.Spaces);

        // A run of one kind starts a piece, but for the blank before it; so does the last white space of a run.
        var runs = (letters & ~(letters << 1)) | (digits & ~(digits << 1)) | (others & ~(others << 1));
        var starts = (runs & ~(block.Blanks << 1)) | (spaces & ~((spaces << 1) & (spaces >> 1)));

        // Which of a run of white space is the last character is seen where each is one byte.
        var decided = block.Decided & TextBlock.Before(spaces & block.NonAscii);
        for (var marks = starts & block.Apostrophes & decided; marks != 0; marks &= marks - 1)
        {
            var mark = BitOperations.TrailingZeroCount(marks);
            Contractions.Cut(
                mark, ContractionLength(padded[(start + mark + 1)..(start + count)]), ref starts, ref decided);
        }

        return starts & decided;
    }

    /// <summary>What <c>\s+(?!\S)|\s+</c> matches: the run of white space, but for its last character where a word
    /// follows.</summary>
    public static int EndOfSpaces(ReadOnlySpan<byte> text, int start)
    {
        var end = WordClasses.RunEnd(text, start, WordClass.Space);
        if (end == text.Length)
        {
            return end;
        }

        var last = Utf8Text.Before(text, end);
        return last > start ? last : end;
    }

    private static int ContractionLength(ReadOnlySpan<byte> rest) => rest switch
    {
        [(byte)'s' or (byte)'t' or (byte)'m' or (byte)'d', ..] => 1,
        [(byte)'r' or (byte)'v', (byte)'e', ..] => 2,
        [(byte)'l', (byte)'l', ..] => 2,
        _ => 0,
    };
}
