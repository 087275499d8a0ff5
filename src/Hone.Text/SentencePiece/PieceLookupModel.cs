using Hone.Text.Pipeline;

namespace Hone.Text.SentencePiece;

/// <summary>SentencePiece's plain models: each character, or each word with its blank, is a piece or unknown.</summary>
internal sealed class PieceLookupModel(PieceTables tables, bool byWord, bool blankIsSuffix) : ITokenModel, IPieceEncoder
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary => tables.Vocabulary;

    /// <inheritdoc/>
    public int? UnknownId => tables.UnknownId;

    private static ReadOnlySpan<byte> Blank => "\u2581"u8;

    /// <inheritdoc/>
    public IPieceEncoder OpenEncoder() => this;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        var run = new UnknownRun(piece, tables.UnknownId, tables.ByteTokens, output);
        for (var start = 0; start < piece.Length;)
        {
            var end = start + (byWord ? WordLength(piece[start..]) : CharacterLength(piece[start..]));
            if (tables.Find(piece[start..end]) is >= 0 and var id)
            {
                run.Add(id, start, end);
            }
            else
            {
                run.AddUnknown(start, end);
            }

            start = end;
        }

        run.End(piece.Length);
    }

    private int CharacterLength(ReadOnlySpan<byte> rest) =>
        tables.UserDefined.LongestAt(rest, out _) is > 0 and var length
            ? length
            : Utf8Text.LengthAt(rest, 0);

    private int WordLength(ReadOnlySpan<byte> rest)
    {
        if (blankIsSuffix)
        {
            return rest.IndexOf(Blank) is >= 0 and var end ? end + Blank.Length : rest.Length;
        }

        var first = rest.StartsWith(Blank) ? Blank.Length : 0;
        return rest[first..].IndexOf(Blank) is >= 0 and var next ? first + next : rest.Length;
    }
}
