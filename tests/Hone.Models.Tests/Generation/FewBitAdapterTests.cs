using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Generation;
using Hone.Models.Tests.Adapters;
using Hone.Torch;
using static Hone.Models.Tests.Generation.FusedCases;

namespace Hone.Models.Tests.Generation;

/// <summary>Adapters on weights that are kept in few bits: what they add is computed as ever.</summary>
public sealed class FewBitAdapterTests
{
    [Theory]
    [MemberData(nameof(FewBitStepTests.WeightKinds), MemberType = typeof(FewBitStepTests))]
    public void Log_probs_are_near_those_of_the_composition_in_float32_for_every_kind_it_covers(
        int isa, DType compute, GenerationWeights weights) => InstructionSet.On(isa, () =>
    {
        using var model = Decoder.Create(Llama(), seed: 7, compute);
        using var exact = Decoder.Create(Llama(), seed: 7);
        foreach (var one in new[] { model, exact })
        {
            FewBitStepTests.KeepWhatCodesStandFor(one, weights);
            FusedAdapterTests.Add(one);
        }

        var engine = new GenerationEngine(model, new EngineOptions { Weights = weights, PrefillTokens = 24 });
        var found = new List<(double With, double Without)>();
        foreach (var kind in model.Adapters.Names)
        {
            GenerationRequest[] requests = [.. Requests()[..6].Select(request => request with { Adapter = kind })];
            var completions = engine.Generate(requests);
            exact.Adapters.Activate(kind);
            var mean = Differences(exact, requests, completions).Average();
            exact.Adapters.Activate();
            found.Add((mean, Differences(exact, requests, completions).Average()));

            // As without adapters: what the codes are multiplied with is rounded to 1/127 of the largest of a block.
            const double tolerance = 0.08;
            Assert.True(mean <= tolerance, $"{kind}: log-probs differ by {mean} in the mean");
        }

        // Adapters move log-probs by several times that.
        var (with, without) = (found.Average(one => one.With), found.Average(one => one.Without));
        Assert.True(without > 3 * with, $"log-probs differ by {with}, from those without adapters by {without}");
    });

    [Theory]
    [MemberData(nameof(FewBitStepTests.WeightKinds), MemberType = typeof(FewBitStepTests))]
    public void Each_request_has_the_same_bits_whatever_adapters_are_beside_it_in_any_chunks_and_for_any_threads(
        int isa, DType compute, GenerationWeights weights) => InstructionSet.On(isa, () =>
    {
        using var model = Decoder.Create(Llama(), seed: 7, compute);
        FusedAdapterTests.Add(model);
        string?[] kinds = ["lora", null, "lora", "dora", AdapterRack.Base, "ia3", "together", "lora on the head"];
        GenerationRequest[] requests = [.. Requests().Concat(Requests()).Select(
            (request, i) => request with { Adapter = kinds[i % kinds.Length], SampleIndex = (uint)i })];
        var kept = new EngineOptions
        {
            Weights = weights,
            Cache = weights == GenerationWeights.Int4 ? GenerationCache.Int8 : GenerationCache.Compute,
        };

        var together = AssertNothingBesideMatters($"{weights}", model, kept, requests);
        AssertSame(
            "reversed",
            [.. together.Reverse()],
            Generate(model, kept with { PrefillTokens = 9 }, 3, [.. requests.Reverse()]));
    });

    [Fact]
    public void An_adapter_that_has_learned_nothing_changes_no_bit()
    {
        using var model = Decoder.Create(Llama(), seed: 7);
        model.Adapters.Add("new", Adapter.Create(
            model, new LoraConfig { Rank = 3, Alpha = 4, Targets = ModuleTargets.AllLinear }, seed: 5));
        var engine = new GenerationEngine(model, new EngineOptions { Weights = GenerationWeights.Int8 });

        AssertSame(
            "new",
            engine.Generate(Requests()),
            engine.Generate([.. Requests().Select(request => request with { Adapter = "new" })]));
    }

    [Fact]
    public void Scores_and_completions_with_an_adapter_agree()
    {
        using var model = Decoder.Create(Llama(), seed: 7);
        FusedAdapterTests.Add(model);
        model.Adapters.Activate("together");
        var options = new EngineOptions { Weights = GenerationWeights.Int4 };
        var requests = Requests()[..3];

        var completions = new GenerationEngine(model, options).Generate(requests);

        var scorer = new StepScorer(model, options);
        Assert.All(requests.Zip(completions), one =>
        {
            var scores = scorer.Score([.. one.First.Prompt, .. one.Second.Tokens]);
            Assert.Equal(
                one.Second.LogProbs, scores[one.First.Prompt.Length..], (a, b) => Math.Abs(a - b) <= 2e-6);
        });
    }

    [Fact]
    public void Kinds_that_the_fused_step_does_not_cover_are_refused_and_the_base_beside_them_is_not()
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, "loha");
        model.Adapters.Activate("loha");
        var options = new EngineOptions { Weights = GenerationWeights.Int8 };
        var engine = new GenerationEngine(model, options);
        var request = Requests()[2];

        Assert.Equal(
            "prompt 1: must go without an adapter or with one that the fused step covers, since the engine keeps "
                + "weights in 8 bits, but its adapter changes matrices by more than factors of low rank and vectors; "
                + "merge it first (`hone adapter merge`), or take \"compute\"",
            Assert.Throws<CheckpointException>(
                () => engine.Generate([request with { Adapter = AdapterRack.Base }, request])).Message);
        Assert.Equal(
            "scores: the model must go without an adapter or with one that the fused step covers, but its adapter "
                + "changes matrices by more than factors of low rank and vectors; merge it first (`hone adapter "
                + "merge`), or take \"compute\"",
            Assert.Throws<CheckpointException>(() => new StepScorer(model, options)).Message);
        Assert.Equal(
            "weights in 8 bits need the fused step, which does not cover the model, since its adapter changes "
                + "matrices by more than factors of low rank and vectors; take \"compute\"",
            GenerationPath.Of(
                model.Config, DType.Float32, GenerationPath.AdapterObstacles(model), weights: options.Weights).Reason);
    }
}
