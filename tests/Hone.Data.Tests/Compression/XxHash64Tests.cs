namespace Hone.Data.Tests.Compression;

public sealed class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    public void The_hash_is_that_of_the_reference(string text, ulong expected)
    {
        var hash = new XxHash64();
        hash.Append(System.Text.Encoding.ASCII.GetBytes(text));

        Assert.Equal(expected, hash.Finish());
    }

    [Fact]
    public void Parts_hash_as_the_whole()
    {
        var bytes = Enumerable.Range(0, 200).Select(i => (byte)(i * 7)).ToArray();
        var whole = new XxHash64();
        whole.Append(bytes);
        foreach (var cut in Enumerable.Range(0, 200))
        {
            var parts = new XxHash64();
            parts.Append(bytes.AsSpan(0, cut / 2));
            parts.Append(bytes.AsSpan(cut / 2, cut - (cut / 2)));
            parts.Append(bytes.AsSpan(cut));

            Assert.Equal(whole.Finish(), parts.Finish());
        }
    }
}
