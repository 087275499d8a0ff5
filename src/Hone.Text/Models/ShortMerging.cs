using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Text.Models;

/// <summary>Merges the symbols of a short piece: the ranks of all neighbouring pairs are in one register.</summary>
internal static class ShortMerging
{
    /// <summary>The most symbols.</summary>
    public const int MostSymbols = 16;

    /// <summary>Merges until no neighbouring pair has a merge, and tells how many symbols are left.</summary>
    /// <param name="merges">The merges.</param>
    /// <param name="ids">The symbols, at most <see cref="MostSymbols"/>.</param>
    /// <param name="lengths">Their numbers of bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Merge(MergeTable merges, Span<int> ids, Span<int> lengths)
    {
        Span<int> pairs = stackalloc int[MostSymbols];
        pairs.Fill(MergeTable.NoRank);
        for (var index = 0; index + 1 < ids.Length; index++)
        {
            pairs[index] = merges.RankOf(ids[index], ids[index + 1]);
        }

        // Symbols stay in their places, and a bit tells which are left. A rank is that of the merge with the next one.
        var ranks = Vector512.Create<int>(pairs);
        var left = (1U << ids.Length) - 1;
        for (int best; (best = Smallest(ranks)) != MergeTable.NoRank;)
        {
            var places = Vector512.Equals(ranks, Vector512.Create(best)).ExtractMostSignificantBits();
            var place = BitOperations.TrailingZeroCount(places);
            var (before, after) = (left & ((1U << place) - 1), left & ~((2U << place) - 1));
            var next = BitOperations.TrailingZeroCount(after);
            var result = merges.ResultOf(ids[place], ids[next], best);
            ids[place] = result;
            left &= ~(1U << next);
            after &= after - 1;
            ranks = With(ranks, next, MergeTable.NoRank);
            ranks = With(ranks, place, after == 0
                ? MergeTable.NoRank
                : merges.RankOf(result, ids[BitOperations.TrailingZeroCount(after)]));
            if (before != 0)
            {
                var previous = BitOperations.Log2(before);
                ranks = With(ranks, previous, merges.RankOf(ids[previous], result));
            }
        }

        return KeepOnly(left, ids, lengths);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Smallest(Vector512<int> values)
    {
        var eight = Vector256.Min(values.GetLower(), values.GetUpper());
        var four = Vector128.Min(eight.GetLower(), eight.GetUpper());
        var two = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Min(two.GetElement(0), two.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> With(Vector512<int> values, int place, int value) => Vector512.ConditionalSelect(
        Vector512.Equals(Vector512<int>.Indices, Vector512.Create(place)), Vector512.Create(value), values);

    // A symbol that is not left lies in the one before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KeepOnly(uint left, Span<int> ids, Span<int> lengths)
    {
        var kept = -1;
        for (var index = 0; index < ids.Length; index++)
        {
            var length = lengths[index];
            if ((left >> index & 1) != 0)
            {
                kept++;
                (ids[kept], lengths[kept]) = (ids[index], length);
            }
            else
            {
                lengths[kept] += length;
            }
        }

        return kept + 1;
    }
}
