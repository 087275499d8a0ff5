using Hone.Text.Gguf;

namespace Hone.Text.Tests.Gguf;

public sealed class GgufTokenizerFilesTests
{
    [Theory]
    [InlineData("tokenizers/gpt-2/ggml-vocab-gpt-2.gguf", "gpt-2")]
    [InlineData("tokenizers/starcoder/ggml-vocab-starcoder.gguf", "starcoder")]
    [InlineData("tokenizers/deepseek-coder/ggml-vocab-deepseek-coder.gguf", "deepseek-coder")]
    [InlineData("tokenizers/llama-spm/ggml-vocab-llama-spm.gguf", "llama-spm")]
    [InlineData("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf", "gpt-2")]
    public void The_files_give_the_ids_and_texts_of_the_vocabulary(string file, string texts)
    {
        using var folder = new TemporaryFolder();
        var path = Fixtures.Real(file);
        GgufTokenizerFiles.Write(path, folder.Path);

        var (gguf, json) = (Tokenizer.Load(path), Tokenizer.Load(folder.Path));

        Assert.Equal((gguf.BosId, gguf.EosId, gguf.PadId), (json.BosId, json.EosId, json.PadId));
        Assert.All(Fixtures.Lines(Fixtures.Goldens($"real/{texts}.jsonl")).Select(
            record => record.GetProperty("text").GetString()!), text =>
        {
            var ids = gguf.EncodeIds(text);
            Assert.Equal(ids, json.EncodeIds(text));
            Assert.Equal(gguf.Decode(ids, skipSpecialTokens: false), json.Decode(ids, skipSpecialTokens: false));
        });
    }
}
