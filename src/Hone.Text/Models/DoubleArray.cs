using System.Runtime.CompilerServices;

namespace Hone.Text.Models;

/// <summary>An immutable tree of byte strings, for finding all that begin at a place, as a double array: the node to
/// which a byte leads lies at the parent's base, exclusive-or the byte.</summary>
/// <remarks>
/// Aoe, IEEE Transactions on Software Engineering 15 (1989). Bases are unique, so that a node need not know its parent:
/// the byte that leads to it tells whether it is the one looked for. A step is one look at eight bytes.
/// </remarks>
internal sealed class DoubleArray
{
    private const int None = -1;
    private const int Block = 256;
    private const int Taken = Block;            // beside the byte in a node's mark
    private const int ValueShift = 9;
    private const int LargestValue = int.MaxValue >> ValueShift;
    private const int Tries = 128;              // free places that are looked at before a new block is begun

    private Node[] _nodes = new Node[2 * Block];
    private int _end = 2 * Block;

    // While it is built: places that are free, as a ring; and which bases are some node's.
    private int[] _next = [];
    private int[] _previous = [];
    private bool[] _isBase = [];

    /// <summary>Builds the tree of strings with values from 0 on; of two equal strings the first counts, and empty ones
    /// do not.</summary>
    /// <exception cref="TokenizerException">A value is larger than nodes have room for.</exception>
    public DoubleArray(IEnumerable<(byte[] Text, int Value)> entries)
    {
        var sorted = entries.Where(entry => entry.Text.Length > 0)
            .OrderBy(
                entry => entry.Text, Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))
            .ToArray();

        if (sorted.Any(entry => entry.Value >= LargestValue))
        {
            throw new TokenizerException(
                "model", $"must have ids below {LargestValue}, but it has {sorted.Max(entry => entry.Value)}");
        }

        // No node ever lies in the first block, whose base is that of nodes where the tree ends. The first place of the
        // second one stands for the ring's beginning.
        (_next, _previous, _isBase) = (new int[2 * Block], new int[2 * Block], new bool[2 * Block]);
        (_next[Block], _previous[Block], _isBase[0]) = (Block, Block, true);
        Free(Block + 1, 2 * Block);
        Build(sorted);
        Array.Resize(ref _nodes, _end);
        (_next, _previous, _isBase) = ([], [], []);
    }

    /// <summary>Where every string begins.</summary>
    public int Root { get; private set; }

    /// <summary>The node that <paramref name="letter"/> leads to, −1 where there is none; and the value of the string
    /// that ends there, −1 where none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int node, byte letter, out int value)
    {
        var (next, mark) = _nodes[node ^ letter];
        value = (mark >> ValueShift) - 1;
        return (mark & (Taken | 0xFF)) == (Taken | letter) ? next : None;
    }

    private void Build((byte[] Text, int Value)[] sorted)
    {
        var waiting = new Stack<(int First, int End, int Depth, int Place)>();
        waiting.Push((0, sorted.Length, 0, None));
        List<byte> letters = [];
        List<int> ends = [];
        while (waiting.TryPop(out var node))
        {
            letters.Clear();
            ends.Clear();
            var first = node.First;
            while (first < node.End && sorted[first].Text.Length == node.Depth)
            {
                first++;
            }

            for (var index = first; index < node.End; index++)
            {
                var letter = sorted[index].Text[node.Depth];
                if (letters.Count == 0 || letters[^1] != letter)
                {
                    letters.Add(letter);
                    ends.Add(index);
                }

                ends[^1] = index + 1;
            }

            if (letters.Count == 0)
            {
                continue;
            }

            var start = TakeBase(letters);
            if (node.Place == None)
            {
                Root = start;
            }
            else
            {
                _nodes[node.Place] = _nodes[node.Place] with { Base = start };
            }

            for (var child = 0; child < letters.Count; child++)
            {
                var (text, value) = sorted[first];
                var place = start ^ letters[child];
                var ending = text.Length == node.Depth + 1 ? value : None;
                _nodes[place] = new Node(0, ((ending + 1) << ValueShift) | Taken | letters[child]);
                waiting.Push((first, ends[child], node.Depth + 1, place));
                first = ends[child];
            }
        }
    }

    // A base at which all of the letters have a free place; those are taken.
    private int TakeBase(List<byte> letters)
    {
        // A single letter goes anywhere: into the oldest gap. More of them most likely fit among the newest.
        var place = letters.Count == 1 ? _next[Block] : _previous[Block];
        for (var tries = 0; place != Block && tries < Tries; tries++)
        {
            if (Fits(place ^ letters[0], letters))
            {
                return Take(place ^ letters[0], letters);
            }

            place = letters.Count == 1 ? _next[place] : _previous[place];
        }

        var begin = _end;
        _end += Block;
        if (_end > _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * begin);
            Array.Resize(ref _next, _nodes.Length);
            Array.Resize(ref _previous, _nodes.Length);
            Array.Resize(ref _isBase, _nodes.Length);
        }

        Free(begin, _end);
        return Take(begin, letters);
    }

    private bool Fits(int start, List<byte> letters)
    {
        if (_isBase[start])
        {
            return false;
        }

        foreach (var letter in letters)
        {
            if (_nodes[start ^ letter].Mark != 0 || (start ^ letter) == Block)
            {
                return false;
            }
        }

        return true;
    }

    private int Take(int start, List<byte> letters)
    {
        _isBase[start] = true;
        foreach (var letter in letters)
        {
            var place = start ^ letter;
            _next[_previous[place]] = _next[place];
            _previous[_next[place]] = _previous[place];
        }

        return start;
    }

    private void Free(int first, int end)
    {
        for (var place = first; place < end; place++)
        {
            var last = _previous[Block];
            (_next[last], _previous[place], _next[place], _previous[Block]) = (place, last, Block, place);
        }
    }

    /// <param name="Base">The exclusive-or of the places of the nodes after it and the bytes that lead there.</param>
    /// <param name="Mark">The byte that leads here, that the place is taken, and above these the value plus
    /// one.</param>
    private readonly record struct Node(int Base, int Mark);
}
