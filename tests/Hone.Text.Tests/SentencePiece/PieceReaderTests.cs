namespace Hone.Text.Tests.SentencePiece;

public sealed class PieceReaderTests
{
    public static TheoryData<string> Folders =>
        [.. Directory.GetDirectories(Fixtures.Pieces("")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_model_gives_the_ids_pieces_and_text_that_sentencepiece_gives(string name)
    {
        var tokenizer = Tokenizer.Load(Fixtures.Pieces(name));

        Assert.All(Fixtures.Lines(Fixtures.Pieces($"{name}/cases.jsonl")), record =>
        {
            var result = tokenizer.Encode(record.GetProperty("text").GetString()!);
            Assert.Equal(record.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), result.Ids);
            Assert.Equal(
                record.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()), result.Tokens);
            Assert.Equal(
                record.GetProperty("decoded").GetString(), tokenizer.Decode(result.Ids, skipSpecialTokens: false));
        });
    }

    [Theory]
    [InlineData("models/stories260k", "stories260k")]
    [InlineData("tokenizers/llama-spm", "llama-spm")]
    public void A_real_model_gives_the_ids_of_the_same_tokenizer_as_json(string folder, string name)
    {
        // Special tokens in a text are ordinary characters to sentencepiece, so texts with them are left out.
        var cases = Fixtures.Goldens($"real/{name}.jsonl");
        var pieces = Tokenizer.Load(Fixtures.Real($"{folder}/tokenizer.model"));
        var json = Tokenizer.Load(Fixtures.Real(folder));

        Assert.All(Fixtures.Lines(cases).Select(record => record.GetProperty("text").GetString()!), text =>
        {
            var expected = json.EncodeIds(text, addSpecialTokens: false);
            if (!expected.Any(json.IsSpecial))
            {
                Assert.Equal(expected, pieces.EncodeIds(text, addSpecialTokens: false));
            }
        });
    }

    [Fact]
    public void Whether_texts_begin_with_their_token_is_said_by_the_config_beside_the_model()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixtures.Pieces("bpe-llama/tokenizer.model"), Path.Combine(folder.Path, "tokenizer.model"));
        folder.Write("tokenizer_config.json", """{"add_bos_token": true, "add_eos_token": true}""");

        var tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal([1, 2], tokenizer.EncodeIds(""));
        Assert.Equal((1, 2, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.UnknownId));
    }

    [Theory]
    [InlineData(new byte[] { }, "has no pieces")]
    [InlineData(new byte[] { 0x0A, 0x7F, 0x0A }, "field 1 needs 127 bytes, but only 1 are left")]
    [InlineData(new byte[] { 0x0F }, "field 1 has the wire type 7, which is not known")]
    [InlineData(new byte[] { 0x0A, 0x03, 0x0A, 0x01, 0x61 }, "has no piece of the kind UNKNOWN")]
    [InlineData(new byte[] { 0x0A, 0x05, 0x0A, 0x01, 0x61, 0x18, 0x05 },
        "has the piece \"a\" of the kind UNUSED, which is not supported")]
    public void A_broken_model_is_refused_with_what_was_found(byte[] content, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "tokenizer.model");
        File.WriteAllBytes(file, content);

        var fault = Assert.Throws<TokenizerException>(() => Tokenizer.Load(file));

        Assert.Equal($"{file}: must be a SentencePiece model, but {problem}", fault.Message);
    }
}
