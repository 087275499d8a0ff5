namespace Hone.Text.Pipeline;

/// <summary>A text cut into pieces. A pre-tokenizer emits what it makes of each piece, then commits.</summary>
internal sealed class PreTokenizedText
{
    private readonly AlignedText _first = new();
    private readonly AlignedText _second = new();
    private PieceList _pieces = new();

    /// <summary>A text of no pieces.</summary>
    public PreTokenizedText() => (Text, NextText) = (_first, _second);

    /// <summary>The text that the pieces are of.</summary>
    public AlignedText Text { get; private set; }

    /// <summary>The text that a rewriting pre-tokenizer appends to; it counts after
    /// <see cref="CommitRewritten"/>.</summary>
    public AlignedText NextText { get; private set; }

    /// <summary>The pieces.</summary>
    public ReadOnlySpan<Piece> All => _pieces.All;

    /// <summary>The pieces that count after the commit.</summary>
    public PieceList Emitted { get; private set; } = new();

    /// <summary>Number of pieces.</summary>
    public int Count => _pieces.Count;

    /// <summary>One piece.</summary>
    public Piece this[int index] => _pieces[index];

    /// <summary>The bytes of one piece.</summary>
    public ReadOnlySpan<byte> BytesOf(Piece piece) => Text.Bytes[piece.Start..piece.End];

    /// <summary>Starts over with one piece: the bytes <paramref name="start"/> to <paramref name="end"/> of a text,
    /// which stays as it is.</summary>
    public void Reset(AlignedText source, int start, int end)
    {
        (Text, NextText) = (source, _first);
        NextText.Clear(source.Tracks);
        _pieces.Clear();
        _pieces.Add(start, end);
    }

    /// <summary>Adds a piece to those that count after the commit; an empty one is left out.</summary>
    public void Emit(int start, int end)
    {
        if (end > start)
        {
            Emitted.Add(start, end);
        }
    }

    /// <summary>Replaces the pieces by those emitted, which are of the same text.</summary>
    public void Commit()
    {
        (_pieces, Emitted) = (Emitted, _pieces);
        Emitted.Clear();
    }

    /// <summary>Replaces the pieces by those emitted, which are of <see cref="NextText"/>.</summary>
    public void CommitRewritten()
    {
        // The first text is the caller's; two others take turns.
        (Text, NextText) = (NextText, ReferenceEquals(NextText, _first) ? _second : _first);
        NextText.Clear(Text.Tracks);
        Commit();
    }
}
