namespace Hone.Text.Pipeline;

/// <summary>A text cut into pieces. A pre-tokenizer emits what it makes of each piece, then commits.</summary>
internal sealed class PreTokenizedText
{
    private AlignedText _text = new();
    private AlignedText _nextText = new();
    private List<Piece> _pieces = [];
    private List<Piece> _nextPieces = [];

    /// <summary>The text that the pieces are of.</summary>
    public AlignedText Text => _text;

    /// <summary>The text that a rewriting pre-tokenizer appends to; it counts after
    /// <see cref="CommitRewritten"/>.</summary>
    public AlignedText NextText => _nextText;

    /// <summary>Number of pieces.</summary>
    public int Count => _pieces.Count;

    /// <summary>One piece.</summary>
    public Piece this[int index] => _pieces[index];

    /// <summary>The bytes of one piece.</summary>
    public ReadOnlySpan<byte> BytesOf(Piece piece) => _text.Bytes[piece.Start..piece.End];

    /// <summary>Starts over with one piece: the bytes <paramref name="start"/> to <paramref name="end"/> of a
    /// text.</summary>
    public void Reset(AlignedText source, int start, int end)
    {
        _text.Clear(source.Tracks);
        _text.Append(source, start, end);
        _nextText.Clear(source.Tracks);
        _pieces.Clear();
        _pieces.Add(new Piece(0, _text.Length));
    }

    /// <summary>Adds a piece to those that count after the commit; an empty one is left out.</summary>
    public void Emit(int start, int end)
    {
        if (end > start)
        {
            _nextPieces.Add(new Piece(start, end));
        }
    }

    /// <summary>Replaces the pieces by those emitted, which are of the same text.</summary>
    public void Commit()
    {
        (_pieces, _nextPieces) = (_nextPieces, _pieces);
        _nextPieces.Clear();
    }

    /// <summary>Replaces the pieces by those emitted, which are of <see cref="NextText"/>.</summary>
    public void CommitRewritten()
    {
        (_text, _nextText) = (_nextText, _text);
        _nextText.Clear(_text.Tracks);
        Commit();
    }
}

/// <summary>The bytes from <paramref name="Start"/> to <paramref name="End"/> of a text.</summary>
internal readonly record struct Piece(int Start, int End);
