using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Each piece is a token, or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknownToken) : ITokenModel, IPieceEncoder
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary => vocabulary;

    /// <inheritdoc/>
    public int? UnknownId { get; } = vocabulary.Find(unknownToken) is >= 0 and var id ? id : null;

    /// <inheritdoc/>
    public IPieceEncoder OpenEncoder() => this;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        var id = vocabulary.Find(piece);
        output.Add(id >= 0 ? id : UnknownId ?? throw UnknownPiece.Fault(piece, unknownToken), 0, piece.Length);
    }
}
