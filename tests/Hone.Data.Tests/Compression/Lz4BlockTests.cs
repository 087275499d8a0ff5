namespace Hone.Data.Tests.Compression;

public sealed class Lz4BlockTests
{
    [Fact]
    public void Literals_and_matches_are_worked_by_hand()
    {
        // token: 3 literals, match of 4 + 1; distance 3; then a last token of 2 literals
        Assert.Equal("abcabcabxy"u8.ToArray(), Lz4Block.Decompress([0x31, .. "abc"u8, 3, 0, 0x20, .. "xy"u8], 10));
    }

    [Fact]
    public void Lengths_of_fifteen_go_on_in_bytes()
    {
        // one literal, a match of 4 + 15 + 255 + 6 = 280 bytes from 1 back, no last literals
        Assert.Equal(
            Enumerable.Repeat((byte)'a', 281), Lz4Block.Decompress([0x1F, (byte)'a', 1, 0, 255, 6, 0x00], 281));
    }

    [Theory]
    [InlineData(new byte[] { }, 0)]
    [InlineData(new byte[] { 0x31, 97, 98 }, 8)]
    [InlineData(new byte[] { 0x11, 97, 5, 0, 0 }, 6)]
    [InlineData(new byte[] { 0x11, 97, 0, 0, 0 }, 6)]
    [InlineData(new byte[] { 0x1F, 97, 1, 0, 255 }, 600)]
    [InlineData(new byte[] { 0x10, 97 }, 2)]
    [InlineData(new byte[] { 0x10, 97 }, 100_000)]
    public void Damage_is_refused(byte[] bytes, int length) =>
        Assert.Throws<InvalidDataException>(() => Lz4Block.Decompress(bytes, length));
}
