using Hone.Models.Generation;
using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Tests.Generation;

public sealed class SampleKernelTests
{
    private const int Vocabulary = 1037;

    private static readonly SamplingOptions[] Choices =
    [
        new() { Temperature = 0 },
        new(),
        new() { Temperature = 0.6 },
        new() { Temperature = 0.6, LogProbTemperature = 0.6 },
        new() { Temperature = 0.6, LogProbTemperature = 1.4, TopP = 0.9 },
        new() { Temperature = 0, LogProbTemperature = 2 },
        new() { LogProbTemperature = 0.5 },
        new() { LogProbTemperature = 1.7, Temperature = 1.7, RepetitionPenalty = 1.5 },
        new() { TopK = 1 },
        new() { TopK = 40, Temperature = 1.7 },
        new() { TopP = 0.9 },
        new() { TopP = 1e-9 },
        new() { MinP = 0.1 },
        new() { TopK = 100, TopP = 0.8, MinP = 0.01, Temperature = 0.9 },
        new() { RepetitionPenalty = 1.5, FrequencyPenalty = 0.5, PresencePenalty = 0.25, Suppressed = [0, 5, 1036] },
        new() { RepetitionPenalty = 2, Temperature = 0, MinNewTokens = 3, StopTokens = [7] },
    ];

    public static TheoryData<int> InstructionSets => [0, 1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void The_kernel_chooses_as_the_sampler_does(int isa) => InstructionSet.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var (sampler, probabilities) = (new TokenSampler(Vocabulary), new float[Vocabulary]);
        int[] text = [.. Enumerable.Range(0, 30).Select(i => (i * i * 17) % Vocabulary)];
        foreach (var dtype in new[] { DType.Float32, DType.BFloat16 })
        {
            var logits = Logits(24).To(dtype);
            foreach (var options in Choices)
            {
                var (choices, uniforms) = (new TokenChoices(), new double[24]);
                for (var row = 0; row < uniforms.Length; row++)
                {
                    uniforms[row] = new CounterRandom(5, RandomPurpose.Sampling).Uniform(0, (uint)row);
                    choices.Add(Choice(row, options, uniforms[row]), text.AsSpan(0, 25 + (row % 5)), 25,
                        Banned(options, row % 5));
                }

                var chosen = Fused.Sample(logits, choices);

                for (var row = 0; row < uniforms.Length; row++)
                {
                    var so = new SampledText(text.AsSpan(0, 25 + (row % 5)), 25);
                    var values = logits.Select(0, row).To(DType.Float32).ToArray<float>();
                    var id = (int)chosen.Ids.AsSpan<long>()[row];
                    sampler.Distribution(values, options, so, probabilities);

                    // The draw falls into the token's own stretch of the cumulated probabilities, but for rounding at
                    // its ends.
                    var before = probabilities.Take(id).Sum(p => (double)p);
                    Assert.True(probabilities[id] > 0, $"{options}: token {id} cannot be chosen");
                    Assert.True(
                        options.IsGreedy || (uniforms[row] > before - 1e-5
                            && uniforms[row] < before + probabilities[id] + 1e-5), $"{options}: {id}");
                    float[] scaled = [.. values.Select(z => (float)(z / options.LogProbTemperature))];
                    Assert.Equal(scaled[id] - LogSum(scaled), chosen.LogProbs.AsSpan<float>()[row], 1e-5);
                }
            }
        }
    });

    [Fact]
    public void Draws_follow_the_distribution_that_the_options_name()
    {
        // Weights 1/2, 1/4, 1/8, 1/8; top-p 0.8 keeps three of them, of the two last equal ones the higher id: 4/7,
        // 2/7, 1/7 of 7000 draws.
        using var scope = TensorScope.Open();
        const int draws = 7000;
        var logits = Tensor.From([MathF.Log(0.5f), MathF.Log(0.25f), MathF.Log(0.125f), MathF.Log(0.125f)], 1, 4);
        var choices = new TokenChoices();
        for (var i = 0; i < draws; i++)
        {
            choices.Add(new TokenChoice(0) { TopP = 0.8, Uniform = (i + 0.5) / draws }, [], 0, []);
        }

        var ids = Fused.Sample(logits, choices).Ids.ToArray<long>();

        Assert.Equal([4000, 2000, 0, 1000], Enumerable.Range(0, 4).Select(id => ids.Count(drawn => drawn == id)));
    }

    [Fact]
    public void A_temperature_near_0_takes_the_likeliest()
    {
        // Its inverse is no float; the likeliest token's distance from itself is 0 all the same.
        using var scope = TensorScope.Open();
        float[] logits = [0, 3, 1, 2];
        foreach (var options in new SamplingOptions[] { new(), new() { TopK = 2 }, new() { TopP = 0.5 } })
        {
            var cold = options with { Temperature = 1e-300 };
            var choices = new TokenChoices();
            choices.Add(Choice(0, cold, 0.5), [], 0, []);

            Assert.Equal([1L], Fused.Sample(Tensor.From(logits, 1, 4), choices).Ids.ToArray<long>());
            Assert.Equal(1, new TokenSampler(4).Sample(logits, cold, new SampledText([], 0), 0.5).Id);
        }
    }

    [Fact]
    public void Tokens_that_are_not_in_the_vocabulary_are_refused()
    {
        using var scope = TensorScope.Open();
        foreach (var (text, banned) in new (int[], int[])[] { ([4], []), ([], [4]), ([-1], []) })
        {
            var choices = new TokenChoices();
            choices.Add(new TokenChoice(0) { RepetitionPenalty = 2 }, text, 0, banned);

            Assert.StartsWith(
                "hone::sample: tokens must be from 0 to 3, got ",
                Assert.Throws<TorchException>(() => Fused.Sample(Tensor.Zeros(DType.Float32, 1, 4), choices)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_that_cannot_be_chosen_from_say_so()
    {
        using var scope = TensorScope.Open();
        var logits = Tensor.From([0f, float.NaN, 0f, float.PositiveInfinity, 1f, 2f], 3, 2);
        var choices = new TokenChoices();
        choices.Add(new TokenChoice(0), [], 0, []);
        choices.Add(new TokenChoice(1), [], 0, []);
        choices.Add(new TokenChoice(2), [], 0, [0, 1]);

        Assert.Equal([ChosenTokens.NotFinite, ChosenTokens.NotFinite, ChosenTokens.AllBanned],
            Fused.Sample(logits, choices).Ids.ToArray<long>());
    }

    [Fact]
    public void Penalties_count_from_nothing_whatever_vocabulary_was_before()
    {
        // Of two tokens with logits 1 and 0 the first has occurred once and costs 0.75: still the likeliest. Counted
        // with what a larger vocabulary left in the same memory it would not be.
        using var scope = TensorScope.Open();
        foreach (var size in new[] { 5000, 2, 900, 2 })
        {
            var logits = Tensor.Zeros(DType.Float32, 1, size);
            logits.Narrow(1, 0, 1).Fill(1);
            var choices = new TokenChoices();
            choices.Add(
                new TokenChoice(0) { Temperature = 0, PresencePenalty = 0.5, FrequencyPenalty = 0.25 }, [0], 0, []);
            Assert.Equal([0L], Fused.Sample(logits, choices).Ids.ToArray<long>());
            choices.Add(new TokenChoice(0), [], 0, []); // leaves weights
            Fused.Sample(logits, choices);
        }
    }

    [Fact]
    public void A_choice_must_be_of_a_row_that_is_there()
    {
        using var scope = TensorScope.Open();
        var choices = new TokenChoices();
        choices.Add(new TokenChoice(2), [], 0, []);

        var error = Assert.Throws<TorchException>(() => Fused.Sample(Tensor.Zeros(DType.Float32, 2, 8), choices));

        Assert.StartsWith("hone::sample: choice 0 must be of one of 2 rows and of 0 tokens, got", error.Message,
            StringComparison.Ordinal);
    }

    private static double LogSum(float[] logits) =>
        logits.Max() + Math.Log(logits.Sum(z => Math.Exp(z - logits.Max())));

    private static Tensor Logits(int rows)
    {
        var values = new float[rows * Vocabulary];
        new CounterRandom(9, RandomPurpose.Synthesis).Normal(values, 1, 3);
        return Tensor.From<float>(values, rows, Vocabulary);
    }

    private static TokenChoice Choice(int row, SamplingOptions options, double uniform) => new(row)
    {
        RepetitionPenalty = options.RepetitionPenalty,
        FrequencyPenalty = options.FrequencyPenalty,
        PresencePenalty = options.PresencePenalty,
        Temperature = options.Temperature,
        LogProbTemperature = options.LogProbTemperature,
        TopK = options.TopK,
        TopP = options.TopP,
        MinP = options.MinP,
        Uniform = uniform,
    };

    private static int[] Banned(SamplingOptions options, int newTokens) =>
        newTokens < options.MinNewTokens ? [.. options.Suppressed, .. options.StopTokens] : [.. options.Suppressed];
}
