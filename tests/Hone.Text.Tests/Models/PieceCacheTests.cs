using System.Text;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Models;

public sealed class PieceCacheTests
{
    [Fact]
    public void Pieces_of_every_short_length_are_told_apart_by_each_of_their_bytes()
    {
        for (var length = 1; length <= 15; length++)
        {
            var piece = Encoding.ASCII.GetBytes("abcdefghijklmno"[..length]);
            var cache = new PieceCache();
            var tokens = new TokenBuffer();
            tokens.Add(length, 0, length);
            cache.Put(piece, tokens, 0);

            Assert.True(cache.TryGet(piece, out var ids, out var lengths));
            Assert.Equal((length, length), (ids[0], lengths[0]));
            for (var place = 0; place < length; place++)
            {
                var other = (byte[])piece.Clone();
                other[place] ^= 1;
                Assert.False(cache.TryGet(other, out _, out _));
            }

            Assert.False(cache.TryGet([.. piece, 0], out _, out _));
            Assert.False(
                cache.TryGet(piece.AsSpan(0, length - 1).ToArray() is [_, ..] shorter ? shorter : "z"u8, out _, out _));
        }
    }
}
