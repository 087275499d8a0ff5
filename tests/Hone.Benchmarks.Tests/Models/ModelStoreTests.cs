using Hone.Benchmarks.Models;
using Hone.Models;
using Hone.Text;
using Hone.Torch;

namespace Hone.Benchmarks.Tests.Models;

public sealed class ModelStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ModelStore Store => new(Path.Combine(_folder.Path, "peers"), Path.Combine(_folder.Path, "own"));

    [Fact]
    public void A_model_is_made_once_with_normal_matrices_and_norms_of_one()
    {
        var stored = Store.Find(Samples.Tiny);
        var written = File.GetLastWriteTimeUtc(Path.Combine(stored.Folder, "model.safetensors"));

        using (var model = ModelFolder.Load(stored.Folder))
        {
            using var scope = TensorScope.Open();
            var embedding = model.Decoder.Parameters["model.embed_tokens.weight"];
            Assert.Equal(0.02, embedding.View(-1).Variance(0).Sqrt().Item(), 1e-4);
            Assert.Equal(16, model.Decoder.Parameters["model.norm.weight"].Sum().Item());
            Assert.Equal([BenchmarkModel.EndOfSequence], model.Generation.StopTokens);
        }

        Assert.False(stored.IsPeers);
        Assert.Equal(stored, Store.Find(Samples.Tiny));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(stored.Folder, "model.safetensors")));
    }

    [Fact]
    public void The_peers_model_is_taken_where_there_is_one()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "peers", "models", "Tiny")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");

        Assert.Equal(new StoredModel(Samples.Tiny, folder, IsPeers: true), Store.Find(Samples.Tiny));
    }

    [Fact]
    public void The_text_of_ids_becomes_those_ids()
    {
        WordTokenizer.Write(_folder.Path, 100);
        var tokenizer = Tokenizer.Load(_folder.Path);

        Assert.Equal("t17 t99 t3 </s>", WordTokenizer.TextOf([17, 99, 3, 2]));
        Assert.Equal([17, 99, 3, 2], tokenizer.EncodeIds("t17 t99 t3 </s>"));
        Assert.Equal("t17 t99 t3", tokenizer.Decode([17, 99, 3, 2], skipSpecialTokens: true));
        Assert.Equal(BenchmarkModel.EndOfSequence, tokenizer.EosId);
    }

    [Fact]
    public void Families_are_those_of_the_peers_models() => Assert.Equal(
        ["llama", "llama", "gpt2", "qwen2"],
        new[] { BenchmarkModel.L15M, BenchmarkModel.L110M, BenchmarkModel.Gpt2, BenchmarkModel.L05B }.Select(
            model => model.Config().ModelType));

    public void Dispose() => _folder.Dispose();
}
