using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Text.Models;

/// <summary>The merges of a BPE tokenizer as one flat hash table: pair of ids to rank, and beside it to the id that it
/// becomes.</summary>
/// <remarks>A slot is one number, pair and rank, and the eight of a line of memory are compared at once: most lookups
/// find nothing, and do so without a branch that goes one way or the other. The id is asked for only where two symbols
/// do merge; mostly the rank tells it.</remarks>
internal sealed class MergeTable
{
    /// <summary>Stands for no merge.</summary>
    public const int None = -1;

    /// <summary>Stands for the rank of no merge: higher than any.</summary>
    public const int NoRank = int.MaxValue;

    private const int IdBits = 21;
    private const int RankBits = 22;
    private const int LargestId = (1 << IdBits) - 1;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong[] _words;    // slots from the origin on: pair and rank, and one more so that none is 0
    private readonly int _origin;
    private readonly int[] _results;        // of each rank, or of each slot where one rank has several
    private readonly bool _ranksTellResults;
    private readonly int _shift;
    private readonly int _lastSlot;

    /// <summary>Lays out the table. Of two merges of one pair the later one counts.</summary>
    /// <param name="merges">The merges.</param>
    /// <param name="limit">One more than the largest id that is ever asked for.</param>
    /// <exception cref="TokenizerException">There are more merges, or larger ids, than slots have room for.</exception>
    public MergeTable(IReadOnlyList<Merge> merges, int limit)
    {
        if (merges.Count >= 1 << RankBits || limit > LargestId)
        {
            throw new TokenizerException(
                "model", $"must have fewer than {1 << RankBits} merges, and symbols below {LargestId}, but it has "
                + $"{merges.Count}, and symbols up to {limit - 1}");
        }

        var least = Math.Max(2 * CacheLines.Words, merges.Count + (merges.Count / 2));
        var size = BitOperations.RoundUpToPowerOf2((uint)least);
        _shift = 64 - BitOperations.Log2(size / CacheLines.Words);
        _lastSlot = (int)size - 1;
        _words = CacheLines.Allocate((int)size, out _origin);
        var ranks = DenseRanks(merges);
        _ranksTellResults = TryByRank(merges, ranks, (int)size, out _results);
        for (var index = 0; index < merges.Count; index++)
        {
            var pair = PairOf(merges[index].Left, merges[index].Right);
            var slot = Find(pair, out var free);
            slot = slot == None ? free : slot;
            _words[_origin + slot] = (pair << RankBits) | (uint)ranks[index];
            if (!_ranksTellResults)
            {
                _results[slot] = merges[index].Result;
            }
        }
    }

    /// <summary>The merge of two ids, <see cref="None"/> where there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public int Find(int left, int right) => Find(PairOf(left, right), out _);

    /// <summary>The rank of the merge of two ids, <see cref="NoRank"/> where there is none.</summary>
    /// <remarks>It is called and not inlined: to compile it into each of those who ask would take longer than all of
    /// their calls in the first megabytes of a process.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public int RankOf(int left, int right)
    {
        var merge = Find(PairOf(left, right), out _);
        return merge == None ? NoRank : RankAt(merge);
    }

    /// <summary>The rank of a merge that was found: how many other ranks are lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RankAt(int merge) => (int)(_words[_origin + merge] & ((1 << RankBits) - 1));

    /// <summary>The id that the two of a merge become.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ResultAt(int merge) => _results[_ranksTellResults ? RankAt(merge) : merge];

    /// <summary>The id that two ids become whose merge has the rank <paramref name="rank"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ResultOf(int left, int right, int rank) => _results[_ranksTellResults ? rank : Find(left, right)];

    // A line fills up from its first slot on. Where it has a free one, no merge of it went to the next line.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(ulong pair, out int free)
    {
        for (var line = (int)(pair * Multiplier >> _shift) * CacheLines.Words; ; line = Next(line))
        {
            var slots = Vector512.Create(_words.AsSpan(_origin + line, CacheLines.Words));
            var same = Vector512.Equals(slots >>> RankBits, Vector512.Create(pair)).ExtractMostSignificantBits();
            var empty = Vector512.Equals(slots, Vector512<ulong>.Zero).ExtractMostSignificantBits();
            if ((same | empty) != 0)
            {
                free = line + BitOperations.TrailingZeroCount(empty);
                return same == 0 ? None : line + BitOperations.TrailingZeroCount(same);
            }
        }
    }

    private int Next(int line) => (line + CacheLines.Words) & _lastSlot;

    // One is added so that no pair is 0.
    private static ulong PairOf(int left, int right) => ((ulong)(uint)(left + 1) << IdBits) | (uint)right;

    // Fills an array by rank, where that is no larger than one by slot and each rank has one result.
    private static bool TryByRank(IReadOnlyList<Merge> merges, int[] ranks, int size, out int[] results)
    {
        results = new int[size];
        Array.Fill(results, None);
        for (var index = 0; index < ranks.Length; index++)
        {
            var (rank, result) = (ranks[index], merges[index].Result);
            if (rank >= size || (results[rank] != None && results[rank] != result))
            {
                return false;
            }

            results[rank] = result;
        }

        Array.Resize(ref results, ranks.DefaultIfEmpty().Max() + 1);
        return true;
    }

    // Ranks as they are, where slots have room for them; else their order counts.
    private static int[] DenseRanks(IReadOnlyList<Merge> merges)
    {
        int[] ranks = [.. merges.Select(merge => merge.Rank)];
        if (ranks.Any(rank => rank is < 0 or >= 1 << RankBits))
        {
            var order = ranks.Distinct().Order().ToArray();
            ranks = [.. ranks.Select(rank => Array.BinarySearch(order, rank))];
        }

        return ranks;
    }
}

/// <summary>Two neighbouring tokens that become one; the lowest rank goes first.</summary>
internal readonly record struct Merge(int Left, int Right, int Result, int Rank);
