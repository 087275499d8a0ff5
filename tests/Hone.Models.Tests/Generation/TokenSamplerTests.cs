using System.Text.Json;
using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

public sealed class TokenSamplerTests
{
    // Probabilities 0.1 0.2 0.3 0.4.
    private static readonly float[] Logits = [MathF.Log(0.1f), MathF.Log(0.2f), MathF.Log(0.3f), MathF.Log(0.4f)];

    [Fact]
    public void A_token_is_the_one_whose_part_of_the_line_the_draw_falls_on()
    {
        // The parts end at 0.1, 0.3, 0.6 and 1.
        var sampler = new TokenSampler(4);
        int Draw(double uniform) => sampler.Sample(Logits, new SamplingOptions(), default, uniform).Id;

        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], new[] { 0, 0.09, 0.11, 0.29, 0.31, 0.59, 0.61, 0.9999999 }.Select(Draw));
    }

    [Fact]
    public void Log_probs_are_of_unchanged_logits_whatever_the_options()
    {
        var options = new SamplingOptions { Temperature = 0.1, TopK = 1, RepetitionPenalty = 2 };

        var chosen = new TokenSampler(4).Sample(Logits, options, new SampledText([0], 0), 0.5);

        Assert.Equal(3, chosen.Id);
        Assert.Equal(MathF.Log(0.4f), chosen.LogProb, 1e-6f);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(1)]
    public void Log_probs_are_of_their_own_temperature(double temperature)
    {
        // Squares of 0.1 0.2 0.3 0.4 are 0.01 0.04 0.09 0.16, their sum is 0.3.
        var options = new SamplingOptions { Temperature = temperature, LogProbTemperature = 0.5 };

        var chosen = new TokenSampler(4).Sample(Logits, options, default, 0.9999999);

        Assert.Equal(3, chosen.Id);
        Assert.Equal(MathF.Log(0.16f / 0.3f), chosen.LogProb, 1e-6f);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void The_temperature_of_log_probs_is_a_number_above_zero(double temperature, string text) =>
        Assert.Equal(
            [$"log_prob_temperature: must be above 0, got {text}"],
            new SamplingOptions { LogProbTemperature = temperature }.Problems());

    [Fact]
    public void Greedy_takes_the_likeliest_after_penalties()
    {
        // ln 0.4 = -0.916 doubled is -1.83, below ln 0.3 = -1.20.
        var options = new SamplingOptions { Temperature = 0, RepetitionPenalty = 2 };

        Assert.Equal(2, new TokenSampler(4).Sample(Logits, options, new SampledText([3], 1), 0).Id);
    }

    [Fact]
    public void Greedy_takes_the_likeliest_where_denormals_are_flushed()
    {
        // As many logits as fill several vectors, the greatest among the last.
        var logits = Enumerable.Range(0, 70).Select(id => id == 67 ? 1f : -1f).ToArray();
        var options = new SamplingOptions { Temperature = 0 };
        using var compute = new ComputeThread();

        var id = compute.Run(() =>
        {
            ComputeThread.Configure(1);
            return new TokenSampler(70).Sample(logits, options, default, 0).Id;
        });

        Assert.Equal(67, id);
    }

    [Fact]
    public void Stop_tokens_cannot_be_chosen_before_the_fewest_new_tokens()
    {
        var options = new SamplingOptions { Temperature = 0, MinNewTokens = 2, StopTokens = [3] };
        var sampler = new TokenSampler(4);

        Assert.Equal([2, 2, 3], new[] { 0, 1, 2 }.Select(
            count => sampler.Sample(Logits, options, new SampledText(new int[count], 0), 0).Id));
    }

    [Fact]
    public void Filters_leave_renormalised_probabilities()
    {
        // top-k 3 leaves 0.2 0.3 0.4 = 2/9 3/9 4/9; top-p 0.7 leaves 4/9 + 3/9 = 0.78; of these min-p 0.8 · 4/7 = 0.457
        // leaves the first.
        Assert.Equal([0, 2f / 9, 3f / 9, 4f / 9], Distribution(new SamplingOptions { TopK = 3 }), Close);
        Assert.Equal([0, 0, 3f / 7, 4f / 7], Distribution(new SamplingOptions { TopK = 3, TopP = 0.7 }), Close);
        Assert.Equal([0, 0, 0, 1], Distribution(new SamplingOptions { TopK = 3, TopP = 0.7, MinP = 0.8 }), Close);
    }

    [Fact]
    public void Penalties_count_the_completion_alone()
    {
        // Token 3 once in the prompt, twice in the completion; token 2 once: ln 0.4 − 2·0.5 − 0.25 and ln 0.3 − 0.5 −
        // 0.25.
        var probabilities = new float[4];
        var options = new SamplingOptions { FrequencyPenalty = 0.5, PresencePenalty = 0.25 };

        new TokenSampler(4).Distribution(Logits, options, new SampledText([3, 3, 2, 3], 1), probabilities);

        float[] weights = [0.1f, 0.2f, 0.3f * MathF.Exp(-0.75f), 0.4f * MathF.Exp(-1.25f)];
        Assert.Equal(weights.Select(weight => weight / weights.Sum()), probabilities, Close);
    }

    [Fact]
    public void Biases_are_added_where_the_text_ends_in_the_rest_of_their_phrase()
    {
        // [0] always, [3, 1] after 3, [2, 3, 1] not after 0 3; suppressed tokens are gone.
        var probabilities = new float[4];
        var options = new SamplingOptions
        {
            Biases = [new PhraseBias([0], Math.Log(2)), new PhraseBias([3, 1], Math.Log(3)),
                new PhraseBias([2, 3, 1], 9)],
            Suppressed = [3],
        };

        new TokenSampler(4).Distribution(Logits, options, new SampledText([0, 3], 1), probabilities);

        // 0.1·2, 0.2·3, 0.3, 0: 0.2 0.6 0.3 of 1.1
        Assert.Equal([2f / 11, 6f / 11, 3f / 11, 0], probabilities, Close);
    }

    [Fact]
    public void A_run_of_tokens_is_not_repeated()
    {
        // 1 2 3 1 2: after 1 2 came 3.
        var probabilities = new float[4];

        new TokenSampler(4).Distribution(
            Logits, new SamplingOptions { NoRepeatLength = 3 }, new SampledText([1, 2, 3, 1, 2], 5), probabilities);

        Assert.Equal([1f / 6, 2f / 6, 3f / 6, 0], probabilities, Close);
    }

    [Fact]
    public void Options_that_ban_all_tokens_are_refused()
    {
        var options = new SamplingOptions { Temperature = 0, Suppressed = [0, 1, 2, 3] };

        var error = Assert.Throws<CheckpointException>(() => new TokenSampler(4).Sample(Logits, options, default, 0));

        Assert.Equal("generation: some token must be possible, the options ban all of them; ban fewer", error.Message);
    }

    [Fact]
    public void Logits_that_are_not_numbers_are_refused()
    {
        var error = Assert.Throws<CheckpointException>(
            () => new TokenSampler(2).Sample([0, float.NaN], new SamplingOptions(), default, 0));

        Assert.Equal(
            "generation: logits must be finite numbers, the model gave NaN or infinity; look for NaN among its weights",
            error.Message);
    }

    [Fact]
    public void Draws_follow_the_distribution()
    {
        // 4,000 draws at even steps: each token gets its part to within one draw.
        var sampler = new TokenSampler(4);
        var counts = new int[4];
        for (var i = 0; i < 4000; i++)
        {
            counts[sampler.Sample(Logits, new SamplingOptions { TopP = 0.85 }, default, (i + 0.5) / 4000).Id]++;
        }

        // 0.4 + 0.3 + 0.2 reach 0.85; of them 4/9, 3/9, 2/9.
        Assert.Equal([0, 889, 1333, 1778], counts, (a, b) => Math.Abs(a - b) <= 1);
    }

    [Fact]
    public void Probabilities_are_those_of_the_reference_for_every_option_offered()
    {
        string[] offered =
        [
            "do_sample", "temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff",
            "repetition_penalty", "no_repeat_ngram_size",
            "min_new_tokens", "eos_token_id",
        ];
        var cases = 0;
        foreach (var item in Fixtures.JsonLines(Fixtures.Golden("models", "generation", "processors.jsonl")))
        {
            var options = item.GetProperty("options");
            if (!options.TryGetProperty("do_sample", out var sample) || !sample.GetBoolean()
                || options.EnumerateObject().Any(option => !offered.Contains(option.Name)))
            {
                continue;
            }

            var probabilities = Distribution(item, Options(options));
            var expected = Fixtures.Floats(item.GetProperty("probabilities_float64"));
            Assert.Equal(expected.Count(IsVisible), probabilities.Count(IsVisible));
            if (!item.TryGetProperty("depends_on_order_of_ties", out _))
            {
                Assert.Equal(expected, probabilities, Close);
            }

            cases++;
        }

        Assert.True(cases > 150, $"the file must have cases for these options, found {cases}");
    }

    private static SamplingOptions Options(JsonElement options)
    {
        double Number(string name, double absent) =>
            options.TryGetProperty(name, out var value) ? value.GetDouble() : absent;
        return new SamplingOptions
        {
            Temperature = Number("temperature", 1),
            TopK = (int)Number("top_k", 0),
            TopP = Number("top_p", 1),
            MinP = Number("min_p", 0),
            TypicalP = Number("typical_p", 1),
            EpsilonCutoff = Number("epsilon_cutoff", 0),
            EtaCutoff = Number("eta_cutoff", 0),
            RepetitionPenalty = Number("repetition_penalty", 1),
            NoRepeatLength = (int)Number("no_repeat_ngram_size", 0),
            MinNewTokens = (int)Number("min_new_tokens", 0),
            StopTokens = options.TryGetProperty("eos_token_id", out var stop) && stop.ValueKind == JsonValueKind.Array
                ? ValueList.Create<int>(Fixtures.Ints(stop))
                : [],
        };
    }

    private static float[] Distribution(JsonElement item, SamplingOptions options)
    {
        var logits = Fixtures.Floats(item.GetProperty("logits"));
        var ids = Fixtures.Ints(item.GetProperty("input_ids"));
        var probabilities = new float[logits.Length];
        new TokenSampler(logits.Length).Distribution(
            logits, options, new SampledText(ids, item.GetProperty("prompt_length").GetInt32()), probabilities);
        return probabilities;
    }

    private static float[] Distribution(SamplingOptions options)
    {
        var probabilities = new float[4];
        new TokenSampler(4).Distribution(Logits, options, default, probabilities);
        return probabilities;
    }

    // Below this a weight in single precision may be zero although the token is kept.
    private static bool IsVisible(float probability) => probability > 1e-30f;

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 1e-6f;
}
