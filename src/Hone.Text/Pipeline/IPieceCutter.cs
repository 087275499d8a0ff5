namespace Hone.Text.Pipeline;

/// <summary>Cuts a piece into smaller ones that lie one after the other and leave nothing out.</summary>
internal interface IPieceCutter
{
    /// <summary>Adds the parts of <paramref name="piece"/> to <paramref name="pieces"/>.</summary>
    /// <param name="padded">The text and <see cref="AlignedText.Padding"/> bytes after it.</param>
    /// <param name="piece">What to cut.</param>
    /// <param name="pieces">Where the parts go.</param>
    public void Cut(ReadOnlySpan<byte> padded, Piece piece, PieceList pieces);
}
