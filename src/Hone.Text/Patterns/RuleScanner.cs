using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Patterns;

/// <summary>Cuts text by a rule: many pieces at once where blocks of bytes decide, else one after the other.</summary>
/// <remarks>What does the work here and in rules and encoders asks for its optimised form at once: a program that
/// encodes a few megabytes would be done before the runtime gave it that.</remarks>
internal sealed class RuleScanner<TRule>(TRule rule) : IPattern, IPieceCutter
    where TRule : struct, ICuttingRule
{
    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        // Every character belongs to a match, so each match starts where the search starts.
        start = from;
        end = from < text.Length ? rule.EndOfPiece(text, from) : from;
        return end > from;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Cut(ReadOnlySpan<byte> padded, Piece piece, PieceList pieces)
    {
        var text = padded[..piece.End];
        for (var start = piece.Start; start < piece.End;)
        {
            var block = start;
            var starts = rule.StartsIn(padded, start, Math.Min(TextBlock.Size, piece.End - start)) & ~1UL;
            if (starts == 0)
            {
                start = rule.EndOfPiece(text, block);
                pieces.Add(block, start);
                continue;
            }

            var free = pieces.Free(TextBlock.Size);
            var count = 0;
            for (; starts != 0; starts &= starts - 1)
            {
                var next = block + BitOperations.TrailingZeroCount(starts);
                free[count++] = new Piece(start, next);
                start = next;
            }

            pieces.Advance(count);
        }
    }
}
