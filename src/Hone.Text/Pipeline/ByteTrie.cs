using System.Numerics;

namespace Hone.Text.Pipeline;

/// <summary>A tree of byte strings, for finding all that begin at a place. Its edges lie in one flat hash
/// table.</summary>
internal sealed class ByteTrie
{
    private const int None = -1;

    private long[] _keys = new long[64];    // node and byte, plus one; 0 where free
    private int[] _targets = new int[64];
    private readonly List<int> _values = [None];
    private int _edges;

    /// <summary>Where every string begins.</summary>
    public static int Root => 0;

    /// <summary>Adds a string with a value from 0 on; of two equal strings the earlier one counts.</summary>
    public void Add(ReadOnlySpan<byte> text, int value)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var node = Root;
        foreach (var letter in text)
        {
            var next = Next(node, letter);
            if (next < 0)
            {
                next = _values.Count;
                _values.Add(None);
                Insert(KeyOf(node, letter), next);
            }

            node = next;
        }

        if (_values[node] == None)
        {
            _values[node] = value;
        }
    }

    /// <summary>The node that <paramref name="letter"/> leads to, −1 where there is none.</summary>
    public int Next(int node, byte letter)
    {
        var slot = SlotOf(KeyOf(node, letter));
        return _keys[slot] == 0 ? None : _targets[slot];
    }

    /// <summary>The value of the string that ends at a node, −1 where none does.</summary>
    public int ValueOf(int node) => _values[node];

    private void Insert(long key, int target)
    {
        if (++_edges * 2 > _keys.Length)
        {
            Grow();
        }

        var slot = SlotOf(key);
        (_keys[slot], _targets[slot]) = (key, target);
    }

    private void Grow()
    {
        var (keys, targets) = (_keys, _targets);
        _keys = new long[keys.Length * 2];
        _targets = new int[keys.Length * 2];
        for (var old = 0; old < keys.Length; old++)
        {
            if (keys[old] != 0)
            {
                var slot = SlotOf(keys[old]);
                (_keys[slot], _targets[slot]) = (keys[old], targets[old]);
            }
        }
    }

    private int SlotOf(long key)
    {
        var slot = (int)((ulong)key * 0x9E3779B97F4A7C15 >> (64 - BitOperations.Log2((uint)_keys.Length)));
        while (_keys[slot] != key && _keys[slot] != 0)
        {
            slot = (slot + 1) & (_keys.Length - 1);
        }

        return slot;
    }

    private static long KeyOf(int node, byte letter) => ((long)node << 8) + letter + 1;
}
