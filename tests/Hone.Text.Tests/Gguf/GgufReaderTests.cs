using System.Text;

namespace Hone.Text.Tests.Gguf;

public sealed class GgufReaderTests
{
    [Theory]
    [InlineData("tokenizers/gpt-2", "ggml-vocab-gpt-2.gguf", "gpt-2")]
    [InlineData("tokenizers/starcoder", "ggml-vocab-starcoder.gguf", "starcoder")]
    [InlineData("tokenizers/deepseek-coder", "ggml-vocab-deepseek-coder.gguf", "deepseek-coder")]
    [InlineData("tokenizers/llama-spm", "ggml-vocab-llama-spm.gguf", "llama-spm")]
    [InlineData("models/smollm2-135m-instruct", "SmolLM2-135M-Instruct.Q4_1.gguf", "gpt-2")]
    public void A_vocabulary_gives_the_ids_and_texts_of_the_same_tokenizer_as_json(
        string folder, string file, string texts)
    {
        var cases = Fixtures.Goldens($"real/{texts}.jsonl");
        var gguf = Tokenizer.Load(Fixtures.Real($"{folder}/{file}"));
        var json = Tokenizer.Load(Fixtures.Real(folder));

        Assert.Equal((json.BosId, json.EosId), (gguf.BosId, gguf.EosId));
        Assert.All(Fixtures.Lines(cases).Select(record => record.GetProperty("text").GetString()!), text =>
        {
            var ids = json.EncodeIds(text);
            Assert.Equal(ids, gguf.EncodeIds(text));
            Assert.Equal(json.Decode(ids, skipSpecialTokens: true), gguf.Decode(ids, skipSpecialTokens: true));
        });
    }

    [Fact]
    public void A_file_that_is_something_else_is_refused() =>
        Refused("PK\u0003\u0004 and much, much more"u8.ToArray(), "does not begin with GGUF: its magic is not GGUF's");

    [Fact]
    public void A_file_that_is_cut_off_is_refused() => Refused(
        [.. "GGUF"u8, .. BitConverter.GetBytes(3), .. BitConverter.GetBytes(0L), .. BitConverter.GetBytes(1L),
            .. BitConverter.GetBytes(1L << 40)],
        "has the metadata count 1, which exceeds what the file can hold");

    [Fact]
    public void A_way_of_cutting_text_that_is_not_known_is_refused() => Refused(
        Header(("ggml.model", "gpt2"), ("ggml.pre", "shout")),
        "cuts text in the way \"shout\" (tokenizer.ggml.pre), which is not known");

    [Fact]
    public void A_model_that_is_not_known_is_refused() =>
        Refused(Header(("ggml.model", "rwkv")), "has the tokenizer.ggml.model rwkv; known are gpt2 and llama");

    private static void Refused(byte[] content, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "model.gguf");
        File.WriteAllBytes(file, content);

        var fault = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path));

        Assert.Equal($"{file}: must be a GGUF file with a vocabulary, but {problem}", fault.Message);
    }

    // One token, no merges, and the given texts.
    private static byte[] Header(params (string Name, string Value)[] texts)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write(0L);
        writer.Write((long)texts.Length + 2);
        foreach (var (name, items) in new (string, string[])[] { ("ggml.tokens", ["a"]), ("ggml.merges", []) })
        {
            Text(writer, $"tokenizer.{name}");
            writer.Write(9);
            writer.Write(8);
            writer.Write((long)items.Length);
            Array.ForEach(items, item => Text(writer, item));
        }

        foreach (var (name, value) in texts)
        {
            Text(writer, $"tokenizer.{name}");
            writer.Write(8);
            Text(writer, value);
        }

        return stream.ToArray();
    }

    private static void Text(BinaryWriter writer, string text)
    {
        writer.Write((long)text.Length);
        writer.Write(Encoding.UTF8.GetBytes(text));
    }
}
