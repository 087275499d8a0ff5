using Hone.Text.Patterns;

namespace Hone.Text.Tests.Reading;

public sealed class TiktokenReaderTests
{
    // "a" 0, "b" 1, "ab" 2, "abb" 3: two tokens that spell a third merge, the lowest rank first.
    private const string Ranks = "YQ== 0\nYg== 1\nYWI= 2\nYWJi 3\n";

    [Fact]
    public void Tokens_merge_to_what_they_spell()
    {
        var tokenizer = Load(Ranks);

        Assert.Equal([2, 2], tokenizer.EncodeIds("abab"));
        Assert.Equal([3], tokenizer.EncodeIds("abb"));
        Assert.Equal([1, 3], tokenizer.EncodeIds("babb"));
        Assert.Equal("babb", tokenizer.Decode([1, 3], skipSpecialTokens: false));
    }

    [Fact]
    public void Special_tokens_are_found_unless_they_are_text()
    {
        var tokenizer = Load(Ranks);

        Assert.Equal([0, 9, 1], tokenizer.EncodeIds("a<end>b"));
        Assert.Equal([0, 1], tokenizer.WithSpecialTokensAsText().EncodeIds("a<end>b"));
    }

    [Theory]
    [InlineData("", "", "must list tokens and their ranks, but has none")]
    [InlineData("YQ== 0\n!!!! 1\n", ":2", "must be a token in base64, a blank and its rank, got \"!!!! 1\"")]
    [InlineData("YQ==\n", ":1", "must be a token in base64, a blank and its rank, got \"YQ==\"")]
    [InlineData("YQ== 2000000000\n", ":1", "must be near the number of tokens, which is 1, got 2000000000")]
    public void A_broken_file_is_refused_with_the_line(string content, string place, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("broken.tiktoken", content);

        var fault = Assert.Throws<TokenizerException>(
            () => Tokenizer.LoadTiktoken(file, Gpt2Rule.Text, new Dictionary<string, int>()));

        Assert.Equal($"{file}{place}: {problem}", fault.Message);
    }

    private static Tokenizer Load(string ranks)
    {
        using var folder = new TemporaryFolder();
        return Tokenizer.LoadTiktoken(
            folder.Write("toy.tiktoken", ranks), Gpt2Rule.Text, new Dictionary<string, int> { ["<end>"] = 9 });
    }
}
