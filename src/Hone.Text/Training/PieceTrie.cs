namespace Hone.Text.Training;

/// <summary>Pieces by their symbols, for finding all that a text goes on with.</summary>
internal sealed class PieceTrie
{
    private readonly long[] _keys;      // node and symbol + 1; 0 where free
    private readonly int[] _nodes;
    private readonly List<int> _pieces = [-1];  // [node], the piece that ends there
    private readonly int _mask;

    /// <summary>Builds it.</summary>
    public PieceTrie(SymbolText text, IReadOnlyList<SymbolPiece> pieces)
    {
        var size = System.Numerics.BitOperations.RoundUpToPowerOf2(
            (uint)Math.Max(16, Math.Min(1L << 30, 2L * pieces.Sum(piece => (long)piece.Length))));
        (_keys, _nodes, _mask) = (new long[size], new int[size], (int)size - 1);
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            var node = 0;
            foreach (var symbol in text.Of(pieces[piece]))
            {
                node = Child(node, symbol);
            }

            _pieces[node] = piece;
        }
    }

    /// <summary>The node that a symbol leads to; −1 where it leads nowhere. The root is 0.</summary>
    public int Next(int node, int symbol)
    {
        var key = Key(node, symbol);
        for (var slot = Slot(key); _keys[slot] != 0; slot = (slot + 1) & _mask)
        {
            if (_keys[slot] == key)
            {
                return _nodes[slot];
            }
        }

        return -1;
    }

    /// <summary>The piece that ends at a node; −1 where none does.</summary>
    public int PieceAt(int node) => _pieces[node];

    private static long Key(int node, int symbol) => ((long)node << 32) | (uint)(symbol + 1);

    private int Slot(long key) => (int)((ulong)(key * -7046029254386353131L) >> 32) & _mask;

    private int Child(int node, int symbol)
    {
        var key = Key(node, symbol);
        var slot = Slot(key);
        for (; _keys[slot] != 0; slot = (slot + 1) & _mask)
        {
            if (_keys[slot] == key)
            {
                return _nodes[slot];
            }
        }

        (_keys[slot], _nodes[slot]) = (key, _pieces.Count);
        _pieces.Add(-1);
        return _pieces.Count - 1;
    }
}
