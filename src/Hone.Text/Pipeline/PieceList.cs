namespace Hone.Text.Pipeline;

/// <summary>Pieces of one text, in order.</summary>
internal sealed class PieceList
{
    private Piece[] _pieces = new Piece[64];

    /// <summary>Number of pieces.</summary>
    public int Count { get; private set; }

    /// <summary>All pieces; good until the next one is added.</summary>
    public ReadOnlySpan<Piece> All => _pieces.AsSpan(0, Count);

    /// <summary>One piece.</summary>
    public Piece this[int index] => All[index];

    /// <summary>Forgets all pieces.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a piece.</summary>
    public void Add(int start, int end)
    {
        var (pieces, count) = (_pieces, Count);
        if ((uint)count >= (uint)pieces.Length)
        {
            Array.Resize(ref _pieces, count * 2);
            pieces = _pieces;
        }

        pieces[count] = new Piece(start, end);
        Count = count + 1;
    }
}

/// <summary>The bytes from <paramref name="Start"/> to <paramref name="End"/> of a text.</summary>
internal readonly record struct Piece(int Start, int End);
