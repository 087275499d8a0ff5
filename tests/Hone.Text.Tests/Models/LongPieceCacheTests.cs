using System.Text;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

public sealed class LongPieceCacheTests
{
    private readonly LongPieceCache _cache = new();

    [Fact]
    public void A_piece_is_found_again_with_its_tokens_and_their_places()
    {
        var piece = Encoding.ASCII.GetBytes("internationalization");
        Put(piece, (7, 0, 13), (8, 13, 20));

        var found = new TokenBuffer();
        Assert.True(_cache.TryAdd(piece, found));
        Assert.Equal([7, 8], found.Ids.ToArray());
        Assert.Equal([0, 13], found.Starts.ToArray());
        Assert.Equal([13, 20], found.Ends.ToArray());
        Assert.False(_cache.TryAdd(piece.AsSpan(..^1), found));
        Assert.False(_cache.TryAdd([.. piece[..^1], (byte)'s'], found));
    }

    [Fact]
    public void What_is_longer_or_has_more_tokens_is_not_remembered()
    {
        byte[] longest = [.. Enumerable.Repeat((byte)'a', LongPieceCache.LongestPiece)];
        Put([.. longest, (byte)'a'], (1, 0, LongPieceCache.LongestPiece + 1));
        Put(longest,
            [.. Enumerable.Range(0, LongPieceCache.MostTokens + 1).Select(index => (index, index, index + 1))]);

        Assert.False(_cache.TryAdd(longest, new TokenBuffer()));
        Put(longest, (1, 0, LongPieceCache.LongestPiece));
        Assert.True(_cache.TryAdd(longest, new TokenBuffer()));
    }

    private void Put(byte[] piece, params (int Id, int Start, int End)[] tokens)
    {
        var output = new TokenBuffer();
        foreach (var (id, start, end) in tokens)
        {
            output.Add(id, start, end);
        }

        _cache.Put(piece, output, 0);
    }
}
