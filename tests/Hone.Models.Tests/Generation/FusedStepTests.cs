using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;
using static Hone.Models.Tests.Generation.FusedCases;

namespace Hone.Models.Tests.Generation;

public sealed class FusedStepTests
{
    [Theory]
    [MemberData(nameof(FusedCases.Kinds), MemberType = typeof(FusedCases))]
    public void Log_probs_are_those_of_the_composition_for_every_dialect_it_covers(int isa, DType compute) =>
        InstructionSet.On(isa, () =>
    {
        // Where angles grow with the sequence, what is stored keeps those of its time, and scoring at the end has
        // others.
        foreach (var (name, config) in Dialects().Where(
            dialect => dialect.Config.Rotary?.Scaling is not RopeScaling.Dynamic))
        {
            using var model = Decoder.Create(config, seed: 7, compute);
            var requests = Requests();
            var engine = new GenerationEngine(
                model, new EngineOptions { Path = GenerationPathChoice.Fused, PrefillTokens = 24 });

            var completions = engine.Generate(requests);

            var differences = Differences(model, requests, completions);
            if (compute == DType.Float32)
            {
                Assert.True(differences.Max() <= 2e-5, $"{name}: log-probs differ by {differences.Max()}");
            }
            else
            {
                Assert.True(
                    differences.Average() <= 0.01, $"{name}: log-probs differ by {differences.Average()} in the mean");
            }
        }
    });

    [Theory]
    [MemberData(nameof(FusedCases.Kinds), MemberType = typeof(FusedCases))]
    public void Tokens_and_log_probs_have_the_same_bits_alone_in_any_batch_in_any_chunks_and_for_any_threads(
        int isa, DType compute) => InstructionSet.On(isa, () =>
        AssertNothingBesideMatters(compute, new EngineOptions { Path = GenerationPathChoice.Fused }));

    [Fact]
    public void Both_paths_draw_the_same_tokens()
    {
        foreach (var (name, config) in Dialects())
        {
            using var model = Decoder.Create(config, seed: 7);
            var requests = Requests();

            var fused =
                new GenerationEngine(model, new EngineOptions { Path = GenerationPathChoice.Fused }).Generate(requests);
            var composed =
                new GenerationEngine(model, new EngineOptions { Path = GenerationPathChoice.Composed }).Generate(
                    requests);

            Assert.All(
                fused.Zip(composed), pair => Assert.True(pair.First.Tokens.SequenceEqual(pair.Second.Tokens), name));
        }
    }

    [Fact]
    public void Log_probs_of_a_real_model_are_those_of_training()
    {
        using var model = ModelFolder.Load(Fixtures.Real("models", "stories260k"), compute: DType.BFloat16);
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, 16).Select(i => new GenerationRequest(
                [1, 403, 407, 261],
                new SamplingOptions { MaxNewTokens = 200, StopTokens = model.Generation.StopTokens }, 0, (uint)i)),
        ];

        var completions =
            new GenerationEngine(model.Decoder, new EngineOptions { Path = GenerationPathChoice.Fused }).Generate(
                requests);

        var scores = new SequenceScorer(model.Decoder).Score(
            [.. completions.Select(completion => (int[])[1, 403, 407, 261, .. completion.Tokens])]);
        var mismatch = completions
            .SelectMany((completion, i) =>
                completion.LogProbs.Zip(scores[i][4..], (rollout, training) => Math.Abs((double)rollout - training)))
            .Average();
        Assert.True(mismatch <= 0.005, $"log-probs differ by {mismatch} in the mean");
    }

    [Fact]
    public void A_model_that_it_does_not_cover_is_composed_and_says_why()
    {
        var config = Llama() with { Residual = ResidualKind.Parallel, Norm = new NormConfig(NormKind.Layer, 1e-5) };
        using var model = Decoder.Create(config, seed: 7);

        Assert.Equal(
            new GenerationPath(
                false,
                "composed of operators, since its norms are LayerNorms and its halves of a layer run side by side; "
                    + "bits may depend on the batch"),
            new GenerationEngine(model, new EngineOptions()).Path);
        Assert.Equal(
            "generation engine: path \"fused\" must be one that the model can take, but its norms are LayerNorms; "
                + "take \"auto\"",
            Assert.Throws<CheckpointException>(
                () => new GenerationEngine(model, new EngineOptions { Path = GenerationPathChoice.Fused })).Message);
    }

    [Fact]
    public void Of_a_model_that_learns_no_packed_weights_are_left_after_a_run()
    {
        using var model = Decoder.Create(Llama(), seed: 7);
        var engine = new GenerationEngine(model, new EngineOptions());
        var before = TorchRuntime.LiveTensors;
        engine.Generate(Requests());
        var kept = TorchRuntime.LiveTensors;
        model.SetTrainable(true);

        engine.Generate(Requests());

        // The packed weights and the two tables of the rotation stay with the model; of one that is trained the tables
        // alone do.
        Assert.Equal((before + 3, before + 2), (kept, TorchRuntime.LiveTensors));
    }
}
