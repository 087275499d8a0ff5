using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

/// <summary>Tokens against those of references, and log-probs against those of scoring.</summary>
public sealed class GenerationAgreementTests
{
    public static TheoryData<string> RealModels => ["stories260k", "babyllama-105", "tinystories-656k"];

    [Theory]
    [MemberData(nameof(RealModels))]
    public void Greedy_completions_are_those_recorded(string name)
    {
        var folder = Fixtures.Real("models", name);
        var cases = Fixtures.Json(Path.Combine(folder, "greedy.json")).GetProperty("cases").EnumerateArray().ToArray();
        using var model = ModelFolder.Load(folder);
        var engine = new GenerationEngine(model.Decoder, new EngineOptions());
        var requests = cases.Select(item => new GenerationRequest(
            Fixtures.Ints(item.GetProperty("prompt_token_ids")),
            new SamplingOptions
            {
                Temperature = 0,
                MaxNewTokens = item.GetProperty("generated_token_ids").GetArrayLength(),
                StopTokens = model.Generation.StopTokens,
            })).ToArray();

        var completions = engine.Generate(requests);

        for (var i = 0; i < cases.Length; i++)
        {
            // The stop token that ended a recorded run of stories260k is not in its list; the length asked for leaves
            // it out here too.
            Assert.Equal(Fixtures.Ints(cases[i].GetProperty("generated_token_ids")), completions[i].Tokens);
        }
    }

    [Fact]
    public void Greedy_tokens_of_every_family_are_those_of_the_reference_with_a_cache()
    {
        foreach (var name in Families.ModelFamiliesTests.Cases.Select(row => row.Data))
        {
            var reference = CheckpointCase.Open(name);
            using var model = ModelFolder.Load(reference.Folder);
            var engine = new GenerationEngine(model.Decoder, new EngineOptions { PrefillTokens = 7 });
            foreach (var greedy in reference.Json.GetProperty("greedy").EnumerateArray())
            {
                if (greedy.TryGetProperty("use_cache", out var cached) && !cached.GetBoolean())
                {
                    continue;
                }

                var expected = Fixtures.Ints(greedy.GetProperty("tokens"));
                var request = new GenerationRequest(
                    Fixtures.Ints(greedy.GetProperty("prompt")),
                    new SamplingOptions { Temperature = 0, MaxNewTokens = expected.Length });

                Assert.Equal(expected, engine.Generate([request])[0].Tokens);
            }
        }
    }

    [Theory]
    [InlineData(GenerationPathChoice.Fused, 1, 0)]
    [InlineData(GenerationPathChoice.Fused, 0.7, 0)]
    [InlineData(GenerationPathChoice.Fused, 1.6, 0)]
    [InlineData(GenerationPathChoice.Fused, 0.7, 9)]
    [InlineData(GenerationPathChoice.Composed, 0.7, 0)]
    [InlineData(GenerationPathChoice.Composed, 1.6, 9)]
    public void Log_probs_are_those_of_scoring_the_same_tokens(
        GenerationPathChoice path, double temperature, int noRepeatLength)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = TinyModel.Varied(positions: 64);
        var requests = TinyRequests.Group(prompts: 2, samples: 2)
            .Select(request => request with
            {
                Options = request.Options with
                {
                    Temperature = 0.7,
                    LogProbTemperature = temperature,
                    TopK = 5,
                    RepetitionPenalty = 1.3,
                    NoRepeatLength = noRepeatLength,
                },
            })
            .ToArray();

        var completions = new GenerationEngine(model, new EngineOptions { Path = path }).Generate(requests);

        Assert.InRange(FusedCases.Differences(model, requests, completions, temperature).Max(), 0, 1e-5);
    }

    [Theory]
    [InlineData(DType.Float32, 1e-5)]
    [InlineData(DType.BFloat16, 0.02)]
    public void Rollouts_and_training_agree_on_log_probs(DType compute, double tolerance)
    {
        using var model = ModelFolder.Load(Fixtures.Real("models", "stories260k"), compute: compute);
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, 16).Select(i => new GenerationRequest(
                [1, 403, 407, 261], new SamplingOptions { MaxNewTokens = 40, StopTokens = model.Generation.StopTokens },
                0, (uint)i)),
        ];

        var completions = new GenerationEngine(model.Decoder, new EngineOptions()).Generate(requests);

        var mismatch = FusedCases.Differences(model.Decoder, requests, completions).Average();
        Assert.True(mismatch <= tolerance, $"log-probs differ by {mismatch} in the mean");
    }
}
