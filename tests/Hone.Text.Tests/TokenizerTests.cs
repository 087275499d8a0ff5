namespace Hone.Text.Tests;

public sealed class TokenizerTests
{
    [Fact]
    public void A_folder_without_a_tokenizer_is_refused()
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path));

        Assert.Equal(
            $"{folder.Path}: must be a folder with a tokenizer, but it has no tokenizer.json, no tokenizer.model "
                + "and not one .gguf file",
            fault.Message);
    }

    [Fact]
    public void A_path_to_nothing_is_refused()
    {
        var fault = Assert.Throws<TokenizerException>(() => Tokenizer.Load("no/such/tokenizer.json"));

        Assert.Equal("no/such/tokenizer.json: must be a tokenizer file or a folder with one, but there is nothing",
            fault.Message);
    }

    [Fact]
    public void A_truncated_file_is_refused_with_the_place()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("tokenizer.json", "{\n  \"model\": {\"type\": \"BPE\", \"vo");

        var fault = Assert.Throws<TokenizerException>(() => Tokenizer.Load(file));

        Assert.Equal(
            $"{file}: must be JSON, but ends in line 2 before it is whole; copy or download it again", fault.Message);
    }

    [Theory]
    [InlineData("[]", "must be an object, got []")]
    [InlineData("{}", "must have \"model\", but has not")]
    [InlineData("""{"model": {"type": "BPE", "merges": []}}""", "model: must have \"vocab\", but has not")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": "x"}, "merges": []}}""",
        "model.vocab.a: must be a whole number from 0 on, got \"x\"")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 2000000000}, "merges": []}}""",
        "model.vocab.a: must be near the number of tokens, which is 1, got 2000000000")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}""",
        "model.merges[0]: must be of tokens of the vocabulary and make one, but \"ab\" is none")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}}""",
        "model.merges[0]: must be two tokens with a blank between, got \"a\"")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.5}}""",
        "model.dropout: must be 0 or null, since encoding draws no chances here, got 0.5")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"\ud800": 0}, "merges": []}}""",
        "texts must be Unicode, but \"\\ud800\" has half of a surrogate pair")]
    [InlineData("""{"normalizer": {"type": "Shout"}, "model": {"type": "BPE", "vocab": {}, "merges": []}}""",
        "normalizer: is of the type Shout, which is not known")]
    [InlineData("""{"normalizer": {"type": "Replace", "pattern": {"Regex": "(a"}, "content": ""}, "model": {}}""",
        "normalizer.pattern.Regex: the pattern \"(a\" lacks a \")\" (at character 2)")]
    public void A_broken_file_is_refused_with_what_was_found(string json, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("tokenizer.json", json);

        var fault = Assert.Throws<TokenizerException>(() => Tokenizer.Load(file));

        Assert.Equal($"{file}: {problem}", fault.Message);
    }

    [Fact]
    public void Special_tokens_come_from_the_map_before_the_config()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", """
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "u": 3}, "merges": [], "unk_token": "u"}}
            """);
        folder.Write("tokenizer_config.json", """
            {"bos_token": "a", "eos_token": {"content": "b"}, "pad_token": "nowhere"}
            """);
        folder.Write("special_tokens_map.json", """{"bos_token": "c"}""");

        var tokenizer = Tokenizer.Load(folder.Path);

        // What no vocabulary has gets the next id.
        Assert.Equal((2, 1, 4, 3), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
    }

    [Fact]
    public void Lone_surrogates_count_as_replacement_characters()
    {
        var tokenizer = Toy.Bare();

        Assert.Equal(tokenizer.EncodeIds("a\uFFFDb"), tokenizer.EncodeIds("a\uD83Db"));
    }

    [Fact]
    public void Ids_that_are_no_token_decode_to_nothing() =>
        Assert.Equal("a", Toy.Bare().Decode([-1, 'a', 100_000], skipSpecialTokens: false));

    [Fact]
    public void A_token_without_an_id_is_an_error()
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => Toy.Bare().TokenOf(256));

        Assert.StartsWith("no token has this id; ids go from 0 to 255", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("中")]
    [InlineData("7")]
    [InlineData("\n ")]
    [InlineData("e\u0301")]
    public void A_long_text_without_a_cut_becomes_tokens_in_about_linear_work(string unit)
    {
        // The merges pair equal neighbours, the worst case for a rescan: with one it would be 10^11 steps, which nobody
        // waits for.
        var tokenizer = Tokenizer.Load(Fixtures.Local("bpe-gpt2"));
        var text = string.Concat(Enumerable.Repeat(unit, 400_000));

        Assert.Equal(text, tokenizer.Decode(tokenizer.EncodeIds(text), skipSpecialTokens: false));
    }

    // The two bytes of é are tokens with the span of the character.
    [Fact]
    public void What_is_encoded_again_has_the_offsets_of_the_first_time()
    {
        var tokenizer = Toy.Load(
            """
            {"model":{"type":"Unigram","unk_id":0,"byte_fallback":true,
             "vocab":[["<unk>",0],["a",-1],["<0xC3>",-2],["<0xA9>",-2]]}}
            """);

        foreach (var _ in new[] { "first", "again" })
        {
            var tokens = tokenizer.Encode("aé");
            Assert.Equal([1, 2, 3], tokens.Ids);
            Assert.Equal([0, 1, 1, 2, 1, 2], tokens.Offsets);
            Assert.Equal([1, 2, 3], tokenizer.EncodeIds("aé"));
        }
    }

    [Fact]
    public void Threads_share_a_tokenizer()
    {
        var tokenizer = Tokenizer.Load(Fixtures.Local("bpe-llama2"));
        string[] texts =
            [.. Enumerable.Range(0, 200).Select(number => $"Story {number}: once upon a time 你好 {number * number}")];
        int[][] alone = [.. texts.Select(text => tokenizer.EncodeIds(text))];

        var together = new int[texts.Length][];
        Parallel.For(0, texts.Length, index => together[index] = tokenizer.EncodeIds(texts[index]));

        Assert.Equal(alone, together);
    }
}
