namespace Hone.Data.Tests.Compression;

public sealed class SnappyTests
{
    [Fact]
    public void Literals_and_copies_are_worked_by_hand()
    {
        // length 11; literal of 3 ((3 − 1)·4); copy of 4 from 3 back (tag 1: length − 4, distance in 11 bits);
        // copy of 4 from 7 back with two bytes of distance ((4 − 1)·4 + 2)
        Assert.Equal("abcabcaabca"u8.ToArray(), Snappy.Decompress([11, 8, .. "abc"u8, 1, 3, 14, 7, 0]));
    }

    [Fact]
    public void Long_literals_have_their_length_in_bytes()
    {
        var text = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();

        Assert.Equal(text, Snappy.Decompress([100, 60 << 2, 99, .. text]));
        Assert.Equal(text, Snappy.Decompress([100, 61 << 2, 99, 0, .. text]));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 1 })]
    [InlineData(new byte[] { 5, 8, 97, 98 })]
    [InlineData(new byte[] { 4, 0, 97, 1, 9 })]
    [InlineData(new byte[] { 4, 0, 97, 1 })]
    [InlineData(new byte[] { 2, 0, 97 })]
    [InlineData(new byte[] { 1, 8, 97, 98, 99 })]
    [InlineData(new byte[] { 200, 200, 200, 1, 0, 97 })]
    public void Damage_is_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Snappy.Decompress(bytes));
}
