using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>WordPiece: from the left, always the longest token that fits; a piece with a rest that none fits is unknown
/// as a whole.</summary>
/// <remarks>Schuster and Nakajima 2012, as in BERT (Devlin et al., arXiv:1810.04805).</remarks>
internal sealed class WordPieceModel : ITokenModel, IPieceEncoder
{
    private readonly string _unknownToken;
    private readonly int _longestPiece;
    private readonly ByteTrie _first = new();       // tokens that may begin a piece
    private readonly ByteTrie _continuing = new();  // tokens that may follow, without their prefix

    /// <summary>Builds the model; <paramref name="longestPiece"/> in characters.</summary>
    public WordPieceModel(Vocabulary vocabulary, string unknownToken, string prefix, int longestPiece)
    {
        Vocabulary = vocabulary;
        _unknownToken = unknownToken;
        _longestPiece = longestPiece;
        UnknownId = vocabulary.Find(unknownToken) is >= 0 and var unknown ? unknown : null;
        var prefixBytes = Encoding.UTF8.GetBytes(prefix);
        for (var id = 0; id < vocabulary.Limit; id++)
        {
            var token = vocabulary.BytesOf(id);
            _first.Add(token, id);
            if (token.StartsWith(prefixBytes))
            {
                _continuing.Add(token[prefixBytes.Length..], id);
            }
        }
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int? UnknownId { get; }

    /// <inheritdoc/>
    public IPieceEncoder OpenEncoder() => this;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        var count = output.Count;
        var position = IsTooLong(piece) ? -1 : 0;
        while (position >= 0 && position < piece.Length)
        {
            position = AddLongest(piece, position, output);
        }

        if (position < 0)
        {
            output.CutTo(count);
            output.Add(UnknownId ?? throw UnknownPiece.Fault(piece, _unknownToken), 0, piece.Length);
        }
    }

    private bool IsTooLong(ReadOnlySpan<byte> piece) =>
        piece.Length > _longestPiece && Encoding.UTF8.GetCharCount(piece) is var units
        && units - CountAstral(piece) > _longestPiece;

    private static int CountAstral(ReadOnlySpan<byte> piece)
    {
        var count = 0;
        foreach (var value in piece)
        {
            count += value >= 0xF0 ? 1 : 0;
        }

        return count;
    }

    private int AddLongest(ReadOnlySpan<byte> piece, int start, TokenBuffer output)
    {
        var length = (start == 0 ? _first : _continuing).LongestAt(piece[start..], out var id);
        if (length == 0)
        {
            return -1;
        }

        output.Add(id, start, start + length);
        return start + length;
    }
}
