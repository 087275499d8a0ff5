using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Text.Models;

/// <summary>The merges of a BPE tokenizer: pair of ids to rank and resulting id, as one flat hash table.</summary>
internal sealed class MergeTable
{
    private const ulong Free = ulong.MaxValue;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly Slot[] _slots;
    private readonly int _shift;

    /// <summary>Lays out the table. Of two merges of one pair the later one counts.</summary>
    public MergeTable(IReadOnlyList<Merge> merges)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count * 2));
        _shift = 64 - BitOperations.Log2(size);
        _slots = new Slot[size];
        Array.Fill(_slots, new Slot(Free, 0, 0));
        foreach (var merge in merges)
        {
            var key = KeyOf(merge.Left, merge.Right);
            _slots[SlotOf(key)] = new Slot(key, merge.Rank, merge.Result);
        }
    }

    /// <summary>The rank of the merge of two ids, int.MaxValue where there is none, and the resulting id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RankOf(int left, int right, out int result)
    {
        ref readonly var slot = ref _slots[SlotOf(KeyOf(left, right))];
        result = slot.Result;
        return slot.Key == Free ? int.MaxValue : slot.Rank;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(ulong key)
    {
        var slots = _slots;
        var slot = (int)(key * Multiplier >> _shift);
        while (slots[slot].Key != key && slots[slot].Key != Free)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        return slot;
    }

    private static ulong KeyOf(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private readonly record struct Slot(ulong Key, int Rank, int Result);
}

/// <summary>Two neighbouring tokens that become one; the lowest rank goes first.</summary>
internal readonly record struct Merge(int Left, int Right, int Result, int Rank);
