using System.Text.Json;
using Hone.Models.Encoders;
using Hone.Torch;

namespace Hone.Models.Tests.Encoders;

/// <summary>all-MiniLM-L6-v2 against what a reference computed from the same weights; its tolerances.</summary>
public sealed class TextEmbedderTests
{
    private static string Folder => Fixtures.Real("models", "minilm-l6");

    [Fact]
    public void Tokens_and_vectors_are_those_recorded()
    {
        var records = Records();
        using var embedder = TextEmbedder.Load(Folder);

        var tokens = records.Select(record => embedder.Encode(
            record.GetProperty("text").GetString()!, record.GetProperty("max_length").GetInt32())).ToArray();
        var vectors = embedder.Embed(tokens);

        Assert.All(
            records.Zip(tokens), pair => Assert.Equal(Fixtures.Ints(pair.First.GetProperty("ids")), pair.Second));
        Assert.All(records.Zip(vectors), pair => Assert.Equal(
            Fixtures.Floats(pair.First.GetProperty("embedding")), pair.Second, (a, b) => Math.Abs(a - b) <= 2e-6f));
    }

    [Fact]
    public void Cosines_are_those_recorded()
    {
        var records = Records();
        var pairs = Fixtures.Json(Fixtures.Real("models", "minilm-l6", "cosines.json")).GetProperty("pairs")
            .EnumerateArray().ToArray();
        using var embedder = TextEmbedder.Load(Folder);

        var vectors = embedder.Embed([.. records.Select(record => Fixtures.Ints(record.GetProperty("ids")))]);

        Assert.All(pairs, pair => Assert.Equal(
            pair.GetProperty("cosine_float64").GetDouble(),
            vectors[pair.GetProperty("a").GetInt32()]
                .Zip(vectors[pair.GetProperty("b").GetInt32()], (a, b) => (double)a * b).Sum(),
            2e-6));
    }

    [Fact]
    public void What_else_is_in_the_pack_does_not_change_a_vector()
    {
        int[][] texts = [[101, 7592, 102], [101, 102], [101, 7592, 2088, 102], [101, 2088, 102]];
        using var embedder = TextEmbedder.Load(Folder);

        var together = embedder.Embed(texts);

        Assert.All(texts.Zip(together),
            pair => Assert.Equal(embedder.Embed([pair.First])[0], pair.Second, (a, b) => Math.Abs(a - b) <= 1e-6f));
    }

    [Fact]
    public void Embedding_leaves_no_tensor_behind()
    {
        using var embedder = TextEmbedder.Load(Folder);
        embedder.Embed([[101, 102]]);
        var before = TorchRuntime.LiveTensors;

        embedder.Embed([[101, 7592, 102], [101, 102]]);

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    private static JsonElement[] Records() =>
        [.. Fixtures.JsonLines(Fixtures.Real("models", "minilm-l6", "expected.jsonl"))];
}
