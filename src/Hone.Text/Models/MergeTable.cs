using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Text.Models;

/// <summary>The merges of a BPE tokenizer as one flat hash table: pair of ids to rank, and beside it to the id that it
/// becomes.</summary>
/// <remarks>A slot is one number, pair and rank, so that eight of them share a line of memory: most lookups find
/// nothing, and the id is asked for only where two symbols do merge.</remarks>
internal sealed class MergeTable
{
    /// <summary>Stands for no merge.</summary>
    public const int None = -1;

    private const int IdBits = 21;
    private const int RankBits = 22;
    private const int LargestId = (1 << IdBits) - 1;    // with it a slot might look free
    private const ulong Free = ulong.MaxValue;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong[] _slots;
    private readonly int[] _results;
    private readonly int _shift;

    /// <summary>Lays out the table. Of two merges of one pair the later one counts.</summary>
    /// <exception cref="TokenizerException">There are more merges, or larger ids, than slots have room for.</exception>
    public MergeTable(IReadOnlyList<Merge> merges)
    {
        if (merges.Count >= 1 << RankBits || merges.Any(merge => Math.Max(merge.Left, merge.Right) >= LargestId))
        {
            throw new TokenizerException(
                "model", $"must have fewer than {1 << RankBits} merges, of ids below {LargestId}, but it has "
                + $"{merges.Count}, of ids up to {merges.Max(merge => Math.Max(merge.Left, merge.Right))}");
        }

        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count + (merges.Count / 2)));
        _shift = 64 - BitOperations.Log2(size);
        _slots = new ulong[size];
        _results = new int[size];
        Array.Fill(_slots, Free);
        var ranks = DenseRanks(merges);
        for (var index = 0; index < merges.Count; index++)
        {
            var pair = PairOf(merges[index].Left, merges[index].Right);
            var slot = SlotOf(pair);
            _slots[slot] = (pair << RankBits) | (uint)ranks[index];
            _results[slot] = merges[index].Result;
        }
    }

    /// <summary>The merge of two ids, <see cref="None"/> where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right)
    {
        var slot = SlotOf(PairOf(left, right));
        return _slots[slot] == Free ? None : slot;
    }

    /// <summary>The rank of a merge that was found: how many other ranks are lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RankAt(int merge) => (int)(_slots[merge] & ((1 << RankBits) - 1));

    /// <summary>The id that the two of a merge become.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ResultAt(int merge) => _results[merge];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(ulong pair)
    {
        var slots = _slots;
        var slot = (int)(pair * Multiplier >> _shift);
        while (slots[slot] >> RankBits != pair && slots[slot] != Free)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        return slot;
    }

    private static ulong PairOf(int left, int right) => ((ulong)(uint)left << IdBits) | (uint)right;

    // Ranks as they are, where they leave little out; else their order counts.
    private static int[] DenseRanks(IReadOnlyList<Merge> merges)
    {
        int[] ranks = [.. merges.Select(merge => merge.Rank)];
        if (ranks.Any(rank => rank < 0 || rank >= 1 << RankBits))
        {
            var order = ranks.Distinct().Order().ToArray();
            ranks = [.. ranks.Select(rank => Array.BinarySearch(order, rank))];
        }

        return ranks;
    }
}

/// <summary>Two neighbouring tokens that become one; the lowest rank goes first.</summary>
internal readonly record struct Merge(int Left, int Right, int Result, int Rank);
