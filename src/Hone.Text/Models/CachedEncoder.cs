using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Encodes pieces and remembers the tokens of short ones; holds the working memory of one thread.</summary>
internal sealed class CachedEncoder(IPieceEncoder encoder)
{
    // How many pieces get room for their ids at a time.
    private const int Round = 256;

    private readonly PieceCache _cache = new();
    private readonly LongPieceCache _longCache = new();

    /// <summary>Adds the tokens of pieces.</summary>
    /// <param name="padded">The text and <see cref="AlignedText.Padding"/> bytes after it.</param>
    /// <param name="pieces">The pieces of it.</param>
    /// <param name="output">Where the ids go; what it says of their places counts for nothing.</param>
    public void Encode(ReadOnlySpan<byte> padded, ReadOnlySpan<Piece> pieces, TokenBuffer output)
    {
        for (; pieces.Length > Round; pieces = pieces[Round..])
        {
            EncodeRound(padded, pieces[..Round], output);
        }

        EncodeRound(padded, pieces, output);
    }

    /// <summary>Adds the tokens of a piece with their places inside of it.</summary>
    public void Encode(ReadOnlySpan<byte> padded, Piece piece, TokenBuffer output)
    {
        var length = piece.End - piece.Start;
        if (length <= PieceCache.LongestPiece)
        {
            var place = _cache.Find(PieceCache.KeyOf(padded, piece.Start, length));
            if (place >= 0)
            {
                Span<int> ids = stackalloc int[PieceCache.MostTokens];
                var count = _cache.Read(place, ids);
                output.AddRun(ids[..count], _cache.LengthsAt(place));
                return;
            }
        }

        EncodeNew(padded, piece, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeRound(ReadOnlySpan<byte> padded, ReadOnlySpan<Piece> pieces, TokenBuffer output)
    {
        var free = output.Free(Round * PieceCache.MostTokens);
        var count = 0;
        foreach (var (start, end) in pieces)
        {
            if (end - start <= PieceCache.LongestPiece)
            {
                var place = _cache.Find(PieceCache.KeyOf(padded, start, end - start));
                if (place >= 0)
                {
                    count += _cache.Read(place, free[count..]);
                    continue;
                }
            }

            output.Advance(count);
            EncodeNew(padded, new Piece(start, end), output);
            free = output.Free(Round * PieceCache.MostTokens);
            count = 0;
        }

        output.Advance(count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeNew(ReadOnlySpan<byte> padded, Piece piece, TokenBuffer output)
    {
        var length = piece.End - piece.Start;
        var bytes = padded.Slice(piece.Start, length);
        var isLong = length > PieceCache.LongestPiece;
        if (isLong && length <= LongPieceCache.LongestPiece && _longCache.TryAdd(bytes, output))
        {
            return;
        }

        var (first, texts) = (output.Count, output.TextCount);
        encoder.Encode(bytes, output);
        if (output.TextCount > texts)
        {
            // A token that is spelt as its text is more than its id.
            return;
        }

        if (isLong)
        {
            _longCache.Put(bytes, output, first);
        }
        else
        {
            _cache.Put(PieceCache.KeyOf(padded, piece.Start, length), output, first);
        }
    }
}
