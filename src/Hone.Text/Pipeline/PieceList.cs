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
        Free(1)[0] = new Piece(start, end);
        Count++;
    }

    /// <summary>Room for at least <paramref name="count"/> more pieces; see <see cref="Advance"/>.</summary>
    public Span<Piece> Free(int count)
    {
        if (_pieces.Length - Count < count)
        {
            Array.Resize(ref _pieces, Math.Max(Count + count, _pieces.Length * 2));
        }

        return _pieces.AsSpan(Count);
    }

    /// <summary>Takes the first <paramref name="count"/> pieces that were written to <see cref="Free"/>.</summary>
    public void Advance(int count) => Count += count;
}

/// <summary>The bytes from <paramref name="Start"/> to <paramref name="End"/> of a text.</summary>
internal readonly record struct Piece(int Start, int End);
