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
        Assert.True(_cache.TryAdd(piece, found, placed: true));
        Assert.Equal([7, 8], found.Ids.ToArray());
        Assert.Equal([0, 13], found.Starts.ToArray());
        Assert.Equal([13, 20], found.Ends.ToArray());
        Assert.True(_cache.TryAdd(piece, found, placed: false));
        Assert.Equal([7, 8, 7, 8], found.Ids.ToArray());
        Assert.False(_cache.TryAdd(piece.AsSpan(..^1), found, placed: false));
        Assert.False(_cache.TryAdd([.. piece[..^1], (byte)'s'], found, placed: false));
    }

    [Fact]
    public void Tokens_that_do_not_lie_one_after_the_other_are_remembered_by_their_ids_alone()
    {
        var piece = Encoding.UTF8.GetBytes("漢");
        Put(piece, (1, 0, 3), (2, 0, 3), (3, 0, 3));

        var found = new TokenBuffer();
        Assert.False(_cache.TryAdd(piece, found, placed: true));
        Assert.True(_cache.TryAdd(piece, found, placed: false));
        Assert.Equal([1, 2, 3], found.Ids.ToArray());
    }

    [Fact]
    public void What_is_longer_or_has_more_tokens_is_not_remembered()
    {
        byte[] longest = [.. Enumerable.Repeat((byte)'a', LongPieceCache.LongestPiece)];
        Put([.. longest, (byte)'a'], (1, 0, LongPieceCache.LongestPiece + 1));
        Put(longest,
            [.. Enumerable.Range(0, LongPieceCache.LongestPiece + 1).Select(index => (index, index, index + 1))]);

        Assert.False(_cache.TryAdd([.. longest, (byte)'a'], new TokenBuffer(), placed: false));
        Assert.False(_cache.TryAdd(longest, new TokenBuffer(), placed: false));
        Put(longest, (1, 0, LongPieceCache.LongestPiece));
        Assert.True(_cache.TryAdd(longest, new TokenBuffer(), placed: false));
    }

    [Fact]
    public void What_was_written_down_is_found_by_its_place_until_the_ring_comes_round()
    {
        var output = new TokenBuffer();
        output.Add(7, 0, 1);
        output.Add(8, 1, 3);
        var place = _cache.Append("abc"u8, output, 0);

        var found = new TokenBuffer();
        Assert.True(_cache.TryAddAt(place, found, placed: false));
        Assert.True(_cache.TryAddAt(place, found, placed: true));
        Assert.Equal([7, 8, 7, 8], found.Ids.ToArray());
        Assert.Equal([0, 1], found.Starts[2..].ToArray());
        Assert.False(_cache.TryAdd("abc"u8, found, placed: false));

        var written = 0;
        for (; written < LongPieceCache.RingSize && _cache.TryAddAt(place, new TokenBuffer(), placed: false); written++)
        {
            _cache.Append("abc"u8, output, 0);
        }

        // An entry has five ints: one for its sizes, one for three bytes, two ids, one for two lengths.
        Assert.InRange(written, (LongPieceCache.RingSize / 5) - 1, (LongPieceCache.RingSize / 5) + 1);
        Assert.Equal(0, _cache.Append(new byte[LongPieceCache.LongestPiece + 1], output, 0));
    }

    // 120,000 pieces of at least 20 ints each are more than the ring holds.
    [Fact]
    public void The_newest_pieces_are_found_with_their_own_tokens_and_the_oldest_are_forgotten()
    {
        var pieces = Enumerable.Range(0, 120_000).Select(Piece).ToList();
        for (var number = 0; number < pieces.Count; number++)
        {
            Put(pieces[number], Tokens(number));
        }

        var found = 0;
        for (var number = 0; number < pieces.Count; number++)
        {
            var output = new TokenBuffer();
            if (_cache.TryAdd(pieces[number], output, placed: true))
            {
                Assert.Equal(Tokens(number).Select(token => token.Id), output.Ids.ToArray());
                found++;
            }
        }

        Assert.InRange(found, 30_000, LongPieceCache.RingSize / 20);
        Assert.False(_cache.TryAdd(pieces[0], new TokenBuffer(), placed: true));
        Assert.True(_cache.TryAdd(pieces[^1], new TokenBuffer(), placed: true));
    }

    private static byte[] Piece(int number) => Encoding.ASCII.GetBytes($"{number:D20}{new string('x', number % 40)}");

    private static (int Id, int Start, int End)[] Tokens(int number) =>
        [.. Enumerable.Range(0, 12 + (number % 5)).Select(index => (number + index, index, index + 1))];

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
