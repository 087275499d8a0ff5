using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Encodes pieces and remembers the tokens of short ones; holds the working memory of one thread.</summary>
internal sealed class CachedEncoder(IPieceEncoder encoder)
{
    // How many pieces are looked up together. Their places fit in the nearest cache.
    private const int Round = 256;

    private readonly PieceCache _cache = new();
    private readonly LongPieceCache _longCache = new();
    private readonly Vector128<byte>[] _keys = new Vector128<byte>[Round];
    private readonly int[] _places = new int[Round];

    /// <summary>Adds the tokens of pieces.</summary>
    /// <param name="padded">The text and <see cref="AlignedText.Padding"/> bytes after it.</param>
    /// <param name="pieces">The pieces of it.</param>
    /// <param name="output">Where the ids go; what it says of their places counts for nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(ReadOnlySpan<byte> padded, ReadOnlySpan<Piece> pieces, TokenBuffer output)
    {
        for (; pieces.Length > Round; pieces = pieces[Round..])
        {
            EncodeRound(padded, pieces[..Round], output);
        }

        EncodeRound(padded, pieces, output);
    }

    /// <summary>Adds the tokens of a piece with their places inside of it.</summary>
    public void Encode(ReadOnlySpan<byte> padded, Piece piece, TokenBuffer output) =>
        EncodeRare(padded, piece, PieceCache.KeyOf(padded, piece.Start, piece.End - piece.Start), output, placed: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeRound(ReadOnlySpan<byte> padded, ReadOnlySpan<Piece> pieces, TokenBuffer output)
    {
        var keys = _keys.AsSpan(0, pieces.Length);
        var places = _places.AsSpan(0, pieces.Length);
        var cache = _cache;
        for (var index = 0; index < pieces.Length; index++)
        {
            var (start, end) = pieces[index];
            var key = PieceCache.KeyOf(padded, start, end - start);
            keys[index] = key;
            places[index] = PieceCache.FirstOf(key);
            cache.Prefetch(places[index]);
        }

        var free = output.Free(Round * PieceCache.MostTokens);
        var count = 0;
        for (var index = 0; index < places.Length && index < keys.Length; index++)
        {
            var key = keys[index];
            var place = cache.PlaceOf(key, places[index]);
            if (cache.IsAt(place, key) && cache.Read(place, free[count..]) is > 0 and var read)
            {
                count += read;
                continue;
            }

            output.Advance(count);
            EncodeRare(padded, pieces[index], key, output, placed: false);
            free = output.Free(Round * PieceCache.MostTokens);
            count = 0;
        }

        output.Advance(count);
    }

    // What the round's steps did not find may have been remembered since.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeRare(
        ReadOnlySpan<byte> padded, Piece piece, Vector128<byte> key, TokenBuffer output, bool placed)
    {
        var length = piece.End - piece.Start;
        var bytes = padded.Slice(piece.Start, length);
        if (length <= PieceCache.LongestPiece
            ? _cache.Find(key) is >= 0 and var place && TryAdd(place, output, placed)
            : length <= LongPieceCache.LongestPiece && _longCache.TryAdd(bytes, output, placed))
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

        if (length > PieceCache.LongestPiece)
        {
            _longCache.Put(bytes, output, first);
        }
        else if (!_cache.TryPut(key, output, first) && _longCache.Append(bytes, output, first) is > 0 and var entry)
        {
            _cache.PutEntry(key, entry);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAdd(int place, TokenBuffer output, bool placed)
    {
        Span<int> ids = stackalloc int[PieceCache.MostTokens];
        var count = _cache.Read(place, ids);
        if (count == 0)
        {
            return _longCache.TryAddAt(_cache.EntryAt(place), output, placed);
        }

        if (placed)
        {
            return output.TryAddRun(ids[..count], _cache.LengthsAt(place)[..count]);
        }

        output.AddPlain(ids[..count]);
        return true;
    }
}
