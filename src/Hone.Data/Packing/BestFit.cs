namespace Hone.Data;

/// <summary>Best-fit decreasing bin packing: longest first, each into the bin with the smallest space that holds
/// it.</summary>
/// <remarks> "Fewer Truncations Improve Language Modeling", arXiv:2404.10830, section 3. Of bins with equal space the
/// one that got that space first is taken, as TRL does, so that rows come out the same. A tree over the spaces 0 …
/// capacity finds the smallest space that is large enough: O(log capacity) a piece, and a queue for each space keeps
/// the bins in order.
/// </remarks>
internal sealed class BestFit
{
    private readonly int _leaves;
    private readonly int[] _bins;
    private readonly Queue<int>?[] _waiting;

    private BestFit(int capacity)
    {
        _leaves = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity + 1);
        _bins = new int[2 * _leaves];
        _waiting = new Queue<int>?[capacity + 1];
    }

    /// <summary>Packs pieces into bins.</summary>
    /// <param name="pieces">The pieces, none longer than the capacity.</param>
    /// <param name="capacity">Tokens in a bin.</param>
    /// <returns>The bins in the order they were opened, each with its pieces in the order they came in.</returns>
    public static List<List<PackedPiece>> Pack(IEnumerable<PackedPiece> pieces, int capacity)
    {
        var spaces = new BestFit(capacity);
        var bins = new List<List<PackedPiece>>();
        foreach (var piece in pieces.OrderByDescending(piece => piece.Length))
        {
            var space = spaces.SmallestHolding(piece.Length);
            var bin = space < 0 ? bins.Count : spaces.Take(space);
            if (space < 0)
            {
                bins.Add([]);
                space = capacity;
            }

            bins[bin].Add(piece);
            spaces.Put(space - piece.Length, bin);
        }

        return bins;
    }

    private int SmallestHolding(int length)
    {
        var node = _leaves + length;
        while (_bins[node] == 0)
        {
            while ((node & 1) == 1)
            {
                node >>= 1;
            }

            if (node == 0)
            {
                return -1;
            }

            node++;
        }

        while (node < _leaves)
        {
            node = (2 * node) + (_bins[2 * node] > 0 ? 0 : 1);
        }

        return node - _leaves;
    }

    private int Take(int space)
    {
        Count(space, -1);
        return _waiting[space]!.Dequeue();
    }

    private void Put(int space, int bin)
    {
        Count(space, 1);
        (_waiting[space] ??= new Queue<int>()).Enqueue(bin);
    }

    private void Count(int space, int change)
    {
        for (var node = _leaves + space; node > 0; node >>= 1)
        {
            _bins[node] += change;
        }
    }
}
