namespace Hone.Text.Tests;

public sealed class StreamDecoderTests
{
    [Fact]
    public void A_character_in_several_tokens_comes_with_its_last_one()
    {
        // 😀 is F0 9F 98 80 in UTF-8, one token a byte.
        var stream = Toy.Bare().OpenStream(skipSpecialTokens: false);

        Assert.Equal(["", "", "", "😀"], new[] { 0xF0, 0x9F, 0x98, 0x80 }.Select(stream.Append));
        Assert.Equal("", stream.Flush());
    }

    [Fact]
    public void A_character_that_never_becomes_whole_comes_as_a_replacement_when_the_stream_ends()
    {
        var stream = Toy.Bare().OpenStream(skipSpecialTokens: false);

        Assert.Equal("", stream.Append(0xF0));
        Assert.Equal("\uFFFD", stream.Flush());
    }

    [Theory]
    [InlineData("bpe-gpt2")]
    [InlineData("bpe-llama2")]
    [InlineData("bpe-qwen2")]
    public void The_pieces_joined_are_the_text_of_all_ids_whatever_the_ids(string name)
    {
        var tokenizer = Tokenizer.Load(Fixtures.Local(name));
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            int[] ids = [.. Enumerable.Range(0, 40).Select(_ => random.Next(-1, tokenizer.VocabularySize + 1))];
            var stream = tokenizer.OpenStream(round % 2 == 0);
            List<string> pieces = [.. ids.Select(stream.Append)];
            pieces.Add(stream.Flush());

            Assert.Equal(tokenizer.Decode(ids, round % 2 == 0), string.Concat(pieces));
            Assert.All(pieces, piece =>
                Assert.False(piece.Length > 0 && (char.IsHighSurrogate(piece[^1]) || char.IsLowSurrogate(piece[0]))));
        }
    }

    [Fact]
    public void A_flushed_stream_takes_no_more()
    {
        var stream = Toy.Bare().OpenStream(skipSpecialTokens: false);
        stream.Flush();

        var fault = Assert.Throws<InvalidOperationException>(() => stream.Append(0));

        Assert.Equal("the stream has been flushed; open another one", fault.Message);
    }
}
