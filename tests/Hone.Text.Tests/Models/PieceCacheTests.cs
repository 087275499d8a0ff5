using System.Text;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

public sealed class PieceCacheTests
{
    private readonly PieceCache _cache = new();

    [Fact]
    public void Pieces_of_every_short_length_are_told_apart_by_each_of_their_bytes()
    {
        for (var length = 1; length <= PieceCache.LongestPiece; length++)
        {
            var piece = Encoding.ASCII.GetBytes("abcdefghijklmno"[..length]);
            Put(piece, length);

            Assert.Equal($"{length}", Read(piece));
            for (var place = 0; place < length; place++)
            {
                var other = (byte[])piece.Clone();
                other[place] ^= 1;
                Assert.Null(Read(other));
            }

            Assert.True(length == PieceCache.LongestPiece || Read([.. piece, 0]) is null);
            Assert.True(length == 1 || Read(piece[1..]) is null);
        }
    }

    [Fact]
    public void What_follows_a_piece_in_its_text_does_not_count()
    {
        Put("ab"u8.ToArray(), 1, 2, 3, 4);

        Span<int> ids = stackalloc int[PieceCache.MostTokens];
        var place = _cache.Find(PieceCache.KeyOf("ab, and so on to the end"u8, 0, 2));

        Assert.Equal([1, 2, 3, 4], ids[.._cache.Read(place, ids)].ToArray());
        Assert.Equal([1, 1, 1, 1], _cache.LengthsAt(place).ToArray());
    }

    [Fact]
    public void A_piece_that_is_too_long_has_a_key_of_no_short_one()
    {
        Put("ab"u8.ToArray(), 1);

        // 258 bytes are 2 more than a byte can tell.
        foreach (var length in new[] { 16, 255, 256, 258 })
        {
            byte[] text = [.. "ab"u8, .. new byte[300]];
            Assert.Equal(-1, _cache.Find(PieceCache.KeyOf(text, 0, length)));
        }
    }

    [Fact]
    public void The_place_of_a_piece_is_that_where_it_was_put_until_another_moves_it()
    {
        Put("ab"u8.ToArray(), 1);
        var key = KeyOf("ab"u8.ToArray());
        var place = _cache.PlaceOf(key, PieceCache.FirstOf(key));
        Assert.True(_cache.IsAt(place, key));

        // The key that shares the pair of places: of many others one does.
        var other = 0;
        while (_cache.IsAt(place, key))
        {
            Put(Encoding.ASCII.GetBytes($"{other++}"), 2);
        }

        Assert.Equal(place + 1, _cache.PlaceOf(key, PieceCache.FirstOf(key)));
        Assert.Equal("1", Read("ab"u8.ToArray()));
    }

    // Four pieces of one pair of places, of which the last three ones stay near; the fifth is of the pair beside it.
    [Fact]
    public void What_has_no_place_at_home_is_found_in_the_line_beside_it_and_comes_home()
    {
        var home = PieceCache.FirstOf(KeyOf("ab"u8.ToArray()));
        var pieces = Enumerable.Range(0, int.MaxValue).Select(number => Encoding.ASCII.GetBytes($"{number}"))
            .Where(piece => PieceCache.FirstOf(KeyOf(piece)) == home).Take(4).ToArray();
        for (var number = 0; number < 3; number++)
        {
            Put(pieces[number], 100 + number, 200 + number);
        }

        var oldest = KeyOf(pieces[0]);
        Assert.False(_cache.IsAt(_cache.PlaceOf(oldest, home), oldest));
        Assert.Equal("100 200", Read(pieces[0]));
        Assert.True(_cache.IsAt(_cache.PlaceOf(oldest, home), oldest));
        Assert.Equal([1, 1], _cache.LengthsAt(_cache.Find(oldest))[..2].ToArray());
        Assert.Equal("101 201", Read(pieces[1]));
        Assert.Equal("102 202", Read(pieces[2]));

        // What is at home in the other line keeps its first place there, and loses the second one when it has none.
        var beside = Enumerable.Range(0, int.MaxValue).Select(number => Encoding.ASCII.GetBytes($"x{number}"))
            .First(piece => PieceCache.FirstOf(KeyOf(piece)) == (home ^ 2));
        Put(beside, 7);
        Put(pieces[3], 103, 203);
        Assert.Equal("7", Read(beside));
        Assert.Equal(3, pieces.Count(piece => Read(piece) is not null));
    }

    [Fact]
    public void Of_a_piece_of_many_tokens_the_entry_is_remembered()
    {
        var key = KeyOf("ab"u8.ToArray());
        _cache.PutEntry(key, 1L << 40);

        var place = _cache.Find(key);
        Assert.Equal(0, _cache.Read(place, new int[PieceCache.MostTokens]));
        Assert.Equal(1L << 40, _cache.EntryAt(place));
    }

    [Fact]
    public void Pieces_of_more_than_four_tokens_and_ids_too_large_are_not_remembered()
    {
        Put("ab"u8.ToArray(), 1, 2, 3, 4, 5);
        Put("cd"u8.ToArray(), 1 << 28);
        Put("ef"u8.ToArray(), (1 << 28) - 1);

        Assert.Null(Read("ab"u8.ToArray()));
        Assert.Null(Read("cd"u8.ToArray()));
        Assert.Equal($"{(1 << 28) - 1}", Read("ef"u8.ToArray()));
    }

    private void Put(byte[] piece, params int[] ids)
    {
        var tokens = new TokenBuffer();
        foreach (var id in ids)
        {
            tokens.Add(id, tokens.Count, tokens.Count + 1);
        }

        _cache.TryPut(KeyOf(piece), tokens, 0);
    }

    private string? Read(byte[] piece)
    {
        var ids = new int[PieceCache.MostTokens];
        var place = _cache.Find(KeyOf(piece));
        return place < 0 ? null : string.Join(' ', ids[.._cache.Read(place, ids)]);
    }

    private static System.Runtime.Intrinsics.Vector128<byte> KeyOf(byte[] piece) =>
        PieceCache.KeyOf([.. piece, .. new byte[AlignedText.Padding]], 0, piece.Length);
}
