using Hone.Models.Export;
using Hone.Models.Generation;
using Hone.Models.Gguf;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

public sealed class StoredBlocksTests
{
    [Theory]
    [InlineData(GgmlType.Q80, WeightCode.Q80)]
    [InlineData(GgmlType.Q40, WeightCode.Q40)]
    [InlineData(GgmlType.Q41, WeightCode.Q41)]
    public void Blocks_of_a_file_stand_for_the_numbers_that_it_is_read_as(GgmlType type, WeightCode code)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Load(Written(folder, type));
        using var scope = TensorScope.Open();
        using var weights = GgufWeights.Of(GgufFile.Open(folder.At("model.gguf")), model.Decoder.Config);

        // Rows of queries and keys stand in another order in the file.
        foreach (var name in new[] { "self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj", "mlp.up_proj" }.Select(
            part => $"model.layers.1.{part}.weight"))
        {
            Assert.Equal(type, weights.StoredType(name));
            Assert.Equal(
                weights.Load(name).ToArray<float>(), Fused.CodedNumbers(weights.Blocks(name)!, code).ToArray<float>());
        }
    }

    [Theory]
    [InlineData(GgmlType.Q80)]
    [InlineData(GgmlType.Q40)]
    [InlineData(GgmlType.Q41)]
    public void A_model_generates_from_the_blocks_of_its_file(GgmlType type)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Load(Written(folder, type));
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, 8).Select(
                i => new GenerationRequest([1, 403, 407, 261], new SamplingOptions { MaxNewTokens = 100 }, 0, (uint)i)),
        ];

        var completions =
            new GenerationEngine(model.Decoder, new EngineOptions { Weights = GenerationWeights.Stored }).Generate(
                requests);

        // The weights are those that the model was read as: only what they multiply is rounded, to 1/127 of the largest
        // of 32.
        var scores = new SequenceScorer(model.Decoder).Score(
            [.. completions.Select(completion => (int[])[1, 403, 407, 261, .. completion.Tokens])]);
        var mean = completions
            .SelectMany((completion, i) =>
                completion.LogProbs.Zip(scores[i][4..], (rollout, exact) => Math.Abs((double)rollout - exact)))
            .Average();
        Assert.InRange(mean, 1e-6, 0.03);
    }

    [Fact]
    public void Types_that_the_fused_step_does_not_read_become_8_bits_and_wide_ones_stay()
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Load(Written(folder, GgmlType.F16));
        var options = new EngineOptions { Weights = GenerationWeights.Stored };
        GenerationRequest[] requests = [new([1, 403, 407, 261], new SamplingOptions { MaxNewTokens = 60, Seed = 3 })];

        FusedCases.AssertSame(
            "f16",
            new GenerationEngine(model.Decoder, new EngineOptions()).Generate(requests),
            new GenerationEngine(model.Decoder, options).Generate(requests));
    }

    [Theory]
    [InlineData(GgmlType.Q80, DType.Float32)]
    [InlineData(GgmlType.Q40, DType.BFloat16)]
    [InlineData(GgmlType.Q41, DType.Float32)]
    [InlineData(GgmlType.F16, DType.Float32)] // no blocks: the embedding's numbers are held beside the pack
    public void Only_blocks_are_held_where_nothing_reads_the_numbers(GgmlType type, DType compute)
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder, type);
        using var whole = ModelFolder.Load(path, DType.Float32, compute);
        using var model = ModelFolder.Load(path, [], DType.Float32, compute, blocksAlone: true);
        var options = new EngineOptions { Weights = GenerationWeights.Stored };
        GenerationRequest[] requests = [.. Enumerable.Range(0, 4).Select(
            i => new GenerationRequest([1, 403, 407, 261], new SamplingOptions { MaxNewTokens = 60 }, 0, (uint)i))];

        var completions = new GenerationEngine(model.Decoder, options).Generate(requests);

        FusedCases.AssertSame(
            $"{type}", new GenerationEngine(whole.Decoder, options).Generate(requests), completions);

        // Norms alone: (2 · 5 layers + 1) · 64 numbers of 4 bytes.
        Assert.Equal(11 * 64 * sizeof(float), model.Decoder.NumberBytes);
        var ownEmbedding = type == GgmlType.F16 ? 512 * 64 * sizeof(float) : 0;
        Assert.Equal(whole.Decoder.Packed.Bytes + ownEmbedding, model.Decoder.Packed.Bytes);

        // Composed operators need the numbers, which are made then.
        int[] tokens = [1, 403, 407, 261, .. completions[0].Tokens];
        Assert.Equal(
            new SequenceScorer(whole.Decoder).Score([tokens])[0], new SequenceScorer(model.Decoder).Score([tokens])[0]);
        Assert.Equal(whole.Decoder.NumberBytes, model.Decoder.NumberBytes);
    }

    [Fact]
    public void Weights_that_are_not_those_of_a_file_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var fresh = Decoder.Create(FusedCases.Llama(), seed: 7);
        using var model = ModelFolder.Load(Written(folder, GgmlType.Q80));
        string Refusal(Decoder decoder) => Assert.Throws<CheckpointException>(
            () => new GenerationEngine(decoder, new EngineOptions { Weights = GenerationWeights.Stored })).Message;

        Assert.Equal(
            "generation engine: weights \"stored\" must be those of a GGUF file as it was loaded, the model's are of "
                + "no GGUF file; take \"compute\", \"int8\" or \"int4\"",
            Refusal(fresh));
        model.Decoder.WeightsChanged();
        Assert.Equal(
            "generation engine: weights \"stored\" must be those of a GGUF file as it was loaded, the model's are "
                + "changed since; take \"compute\", \"int8\" or \"int4\"",
            Refusal(model.Decoder));
    }

    private static string Written(TemporaryFolder folder, GgmlType type)
    {
        var path = folder.At("model.gguf");
        ModelExporter.Export(
            Fixtures.Real("models", "stories260k"), path, new ExportOptions { AsGguf = true, Type = type });
        return path;
    }
}
