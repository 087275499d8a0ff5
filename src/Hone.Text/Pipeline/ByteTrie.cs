using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Text.Pipeline;

/// <summary>A tree of byte strings, for finding all that begin at a place. Its edges lie in one flat hash table, each
/// with the node that it leads to and that node's value.</summary>
internal sealed class ByteTrie
{
    private const int None = -1;

    private Edge[] _edges = new Edge[64];
    private int _count;

    /// <summary>Where every string begins.</summary>
    public static int Root => 0;

    /// <summary>Adds a string with a value from 0 on; of two equal strings the earlier one counts.</summary>
    public void Add(ReadOnlySpan<byte> text, int value)
    {
        var node = Root;
        for (var index = 0; index < text.Length; index++)
        {
            ref var edge = ref EdgeFor(node, text[index]);
            if (index == text.Length - 1 && edge.Value == None)
            {
                edge.Value = value;
            }

            node = edge.Target;
        }
    }

    /// <summary>The node that <paramref name="letter"/> leads to, −1 where there is none; and the value of the string
    /// that ends there, −1 where none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int node, byte letter, out int value)
    {
        var edge = _edges[SlotOf(KeyOf(node, letter))];
        value = edge.Value;
        return edge.Key == 0 ? None : edge.Target;
    }

    /// <summary>Number of bytes of the longest string that <paramref name="text"/> begins with, 0 for none, and its
    /// value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int LongestAt(ReadOnlySpan<byte> text, out int value)
    {
        var length = 0;
        value = None;
        var node = Root;
        for (var index = 0; index < text.Length && (node = Next(node, text[index], out var found)) >= 0; index++)
        {
            if (found >= 0)
            {
                (value, length) = (found, index + 1);
            }
        }

        return length;
    }

    private ref Edge EdgeFor(int node, byte letter)
    {
        var key = KeyOf(node, letter);
        if (_edges[SlotOf(key)].Key == 0)
        {
            if (++_count * 2 > _edges.Length)
            {
                Grow();
            }

            _edges[SlotOf(key)] = new Edge(key) { Target = _count, Value = None };
        }

        return ref _edges[SlotOf(key)];
    }

    private void Grow()
    {
        var edges = _edges;
        _edges = new Edge[edges.Length * 2];
        foreach (var edge in edges)
        {
            if (edge.Key != 0)
            {
                _edges[SlotOf(edge.Key)] = edge;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(long key)
    {
        var edges = _edges;
        var slot = (int)((ulong)key * 0x9E3779B97F4A7C15 >> (64 - BitOperations.Log2((uint)edges.Length)));
        while (edges[slot].Key != key && edges[slot].Key != 0)
        {
            slot = (slot + 1) & (edges.Length - 1);
        }

        return slot;
    }

    private static long KeyOf(int node, byte letter) => ((long)node << 8) + letter + 1;

    /// <param name="key">Node and byte, plus one; 0 where the slot is free.</param>
    private struct Edge(long key)
    {
        public readonly long Key = key;
        public int Target;
        public int Value;
    }
}
