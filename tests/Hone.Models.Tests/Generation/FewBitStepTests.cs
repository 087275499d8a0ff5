using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;
using static Hone.Models.Tests.Generation.FusedCases;

namespace Hone.Models.Tests.Generation;

public sealed class FewBitStepTests
{
    /// <summary>Instruction sets with both dtypes and both ways to keep weights.</summary>
    public static TheoryData<int, DType, GenerationWeights> WeightKinds
    {
        get
        {
            var kinds = new TheoryData<int, DType, GenerationWeights> { { 4, DType.BFloat16, GenerationWeights.Int8 } };
            foreach (var tiles in (int[])[5, 6])
            {
                kinds.Add(tiles, DType.BFloat16, GenerationWeights.Int8);
            }

            for (var isa = 0; isa < 5; isa++)
            {
                kinds.Add(isa, DType.Float32, GenerationWeights.Int8);
                kinds.Add(isa, DType.BFloat16, GenerationWeights.Int4);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(WeightKinds))]
    public void Log_probs_are_near_those_of_the_composition_in_float32(
        int isa, DType compute, GenerationWeights weights) => InstructionSet.On(isa, () =>
    {
        foreach (var (name, config) in Dialects().Where(
            dialect => dialect.Config.Rotary?.Scaling is not RopeScaling.Dynamic))
        {
            using var model = Decoder.Create(config, seed: 7, compute);
            using var exact = Decoder.Create(config, seed: 7);
            Array.ForEach([model, exact], one => KeepWhatCodesStandFor(one, weights));
            var requests = Requests();

            var completions =
                new GenerationEngine(model, new EngineOptions { Weights = weights, PrefillTokens = 24 }).Generate(
                    requests);

            var mean = Differences(exact, requests, completions).Average();

            // The weights are those that the codes stand for: only what they multiply is rounded, to 1/127 of the
            // largest of a block. That is 0.3 % of it in the mean; some 20 products follow each other, and logits of
            // these models are several units wide.
            const double tolerance = 0.08;
            Assert.True(mean <= tolerance, $"{name}: log-probs differ by {mean} in the mean");
        }
    });

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(FusedCases))]
    public void With_keys_and_values_in_8_bits_log_probs_are_near_those_of_the_composition(int isa, DType compute) =>
        InstructionSet.On(isa, () =>
    {
        foreach (var (name, config) in Dialects().Where(
            dialect => dialect.Config.Rotary?.Scaling is not RopeScaling.Dynamic))
        {
            using var model = Decoder.Create(config, seed: 7, compute);
            using var exact = Decoder.Create(config, seed: 7);
            var requests = Requests();
            var options = new EngineOptions { Cache = GenerationCache.Int8, PrefillTokens = 24 };

            var completions = new GenerationEngine(model, options).Generate(requests);

            var mean = Differences(exact, requests, completions).Average();

            // Keys and values are off by 0.3 % of a head's largest number in the mean, bfloat16 rounds all else to
            // 0.2 %.
            Assert.True(
                mean <= (compute == DType.Float32 ? 0.02 : 0.04), $"{name}: log-probs differ by {mean} in the mean");
        }
    });

    [Theory]
    [MemberData(nameof(WeightKinds))]
    public void Tokens_and_log_probs_have_the_same_bits_alone_in_any_batch_in_any_chunks_and_for_any_threads(
        int isa, DType compute, GenerationWeights weights) => InstructionSet.On(isa, () =>
        AssertNothingBesideMatters(compute, new EngineOptions
        {
            Weights = weights,
            Cache = weights == GenerationWeights.Int4 ? GenerationCache.Int8 : GenerationCache.Compute,
        }));

    [Fact]
    public void Weights_are_packed_again_when_they_change_and_when_they_are_to_be_kept_otherwise()
    {
        using var model = Decoder.Create(Llama(), seed: 7);
        using var other = Decoder.Create(Llama(), seed: 8);
        Completion[] Generate(Decoder decoder, GenerationWeights weights) =>
            new GenerationEngine(decoder, new EngineOptions { Weights = weights }).Generate(Requests());
        var (plain, coded) = (Generate(model, GenerationWeights.Compute), Generate(model, GenerationWeights.Int8));

        AssertSame("plain", plain, Generate(model, GenerationWeights.Compute));
        AssertSame("in 8 bits", coded, Generate(model, GenerationWeights.Int8));
        Assert.NotEqual(plain[1].LogProbs, coded[1].LogProbs);

        foreach (var (name, weight) in model.Parameters)
        {
            weight.CopyFrom(other.Parameters[name]);
        }

        model.WeightsChanged();
        AssertSame("changed", Generate(other, GenerationWeights.Int8), Generate(model, GenerationWeights.Int8));
    }

    [Theory]
    [InlineData(GenerationWeights.Compute, GenerationCache.Compute)]
    [InlineData(GenerationWeights.Compute, GenerationCache.Int8)]
    [InlineData(GenerationWeights.Int8, GenerationCache.Compute)]
    [InlineData(GenerationWeights.Int4, GenerationCache.Int8)]
    public void Scores_are_those_of_completions(GenerationWeights weights, GenerationCache cache)
    {
        using var model = Decoder.Create(Llama() with { MaxPositions = 400 }, seed: 7);
        var options = new EngineOptions { Weights = weights, Cache = cache };
        GenerationRequest[] requests = [.. Requests()[..3].Select(
            one => one with { Options = new SamplingOptions { MaxNewTokens = 290, Seed = 2 } })];
        var completions = new GenerationEngine(model, options).Generate(requests);
        var scorer = new StepScorer(model, options);

        foreach (var (request, completion) in requests.Zip(completions))
        {
            int[] tokens = [.. request.Prompt, .. completion.Tokens];
            var scores = scorer.Score(tokens);
            using var scope = TensorScope.Open();
            var fromLogits = scorer.Logits(tokens).LogSoftmax(1).ToArray<float>();

            // The softmax of a row runs in another order than that of the engine's choice.
            Assert.Equal(completion.LogProbs, scores[request.Prompt.Length..], (a, b) => Math.Abs(a - b) <= 2e-6);
            Assert.All(Enumerable.Range(1, tokens.Length - 1), t =>
                Assert.Equal(fromLogits[((t - 1) * model.Config.VocabularySize) + tokens[t]], scores[t], 1e-6));
        }
    }

    [Fact]
    public void What_the_fused_step_does_not_cover_is_refused()
    {
        using var model = Decoder.Create(Llama() with { Norm = new NormConfig(NormKind.Layer, 1e-5) }, seed: 7);

        Assert.Equal(
            "generation engine: weights in 8 bits need the fused step, which does not cover the model, since its "
                + "norms are LayerNorms; take \"compute\"",
            Assert.Throws<CheckpointException>(
                () => new GenerationEngine(model, new EngineOptions { Weights = GenerationWeights.Int8 })).Message);
        Assert.Equal(
            "generation engine: path: must not be \"composed\" with weights in 4 bits, keys and values in 8 bits, "
                + "which the fused step alone reads",
            Assert.Throws<CheckpointException>(() => new GenerationEngine(
                model, new EngineOptions
                {
                    Weights = GenerationWeights.Int4,
                    Cache = GenerationCache.Int8,
                    Path = GenerationPathChoice.Composed,
                })).Message);
    }

    /// <summary>Puts the numbers that codes stand for in the place of all matrices: coding them once more changes
    /// nothing.</summary>
    internal static void KeepWhatCodesStandFor(Decoder model, GenerationWeights weights)
    {
        using var scope = TensorScope.Open();
        foreach (var (name, weight) in model.Parameters.Where(parameter => parameter.Value.Shape.Length == 2))
        {
            var inEights = weights == GenerationWeights.Int8 || !name.Contains("layers", StringComparison.Ordinal);
            weight.CopyFrom(Fused.CodedNumbers(weight, inEights ? WeightCode.Int8 : WeightCode.Q41));
        }

        model.WeightsChanged();
    }
}
