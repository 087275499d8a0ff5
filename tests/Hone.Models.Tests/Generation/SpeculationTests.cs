using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

public sealed class SpeculationTests
{
    private static readonly EngineOptions Plain = new();

    public static TheoryData<string> Sources => ["lookup", "same model", "other model", "other model in few bits"];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Tokens_and_log_probs_have_the_bits_that_they_have_without(string source)
    {
        using var model = TinyModel.Varied(seed: 7);
        using var other = TinyModel.Varied(seed: 8);
        GenerationRequest[] requests = [.. Kinds().SelectMany((options, i) => Requests(options, i))];
        var expected = Text(new GenerationEngine(model, Plain, Words).Generate(requests));
        var speculation = Of(source, model, other);
        foreach (var options in new[]
        {
            Plain with { Speculation = speculation },
            Plain with { Speculation = speculation with { DraftTokens = 9 }, MaxBatch = 5, PrefillTokens = 7 },

            // Some give way.
            Plain with { Speculation = speculation, CacheBytes = 12 * TinyModel.PageBytes, PrefillTokens = 16 },
        })
        {
            var engine = new GenerationEngine(model, options, Words);

            Assert.Equal(expected, Text(engine.Generate(requests)));
            Assert.Equal(0, engine.Usage.LeakedPages);
            Assert.True(engine.Usage.DraftedTokens > 0);
            Assert.InRange(engine.Usage.AcceptanceRate, 0, 1);
        }
    }

    [Fact]
    public void Greedy_tokens_are_those_without()
    {
        using var model = TinyModel.Varied(seed: 7);
        using var other = TinyModel.Varied(seed: 8);
        var requests = Requests(new SamplingOptions { Temperature = 0, MaxNewTokens = 40 }, 0);
        var expected = Text(new GenerationEngine(model, Plain).Generate(requests));
        foreach (var source in new[] { "lookup", "same model", "other model" })
        {
            var engine = new GenerationEngine(model, Plain with { Speculation = Of(source, model, other) });
            Assert.Equal(expected, Text(engine.Generate(requests)));
        }
    }

    [Fact]
    public void A_draft_of_the_model_itself_is_always_right()
    {
        // 1 + 20 tokens: the first comes with the prompt; each pass then gives 4 drafted and 1 more: 4 passes.
        using var model = TinyModel.Varied(seed: 7);
        var engine = new GenerationEngine(model, Plain with { Speculation = new Speculation.Draft(model) });

        engine.Generate([new GenerationRequest([1, 2, 3], new SamplingOptions { MaxNewTokens = 21, Seed = 5 })]);

        var usage = engine.Usage;
        Assert.Equal((5, 16, 16, 4), (usage.Passes, usage.DraftedTokens, usage.AcceptedTokens, usage.GrownTokens));
        Assert.Equal((1.0, 3 + 20), (usage.AcceptanceRate, usage.ComputedTokens));
    }

    [Fact]
    public void What_a_draft_model_has_computed_is_kept_for_the_next_run_where_it_is_to_be()
    {
        using var model = TinyModel.Varied(seed: 7);
        using var other = TinyModel.Varied(seed: 8);
        var draft = new Speculation.Draft(other);
        using var cache = draft.CreateCache(Plain);
        var sampling = new SamplingOptions { MaxNewTokens = 20, Seed = 5 };
        int[] prompt = [.. Enumerable.Range(0, 40).Select(i => i * 7 % 31)];
        var engine = new GenerationEngine(model, Plain with { Speculation = draft with { Prefixes = cache } });
        var first = engine.Generate([new GenerationRequest(prompt, sampling)])[0];
        GenerationRequest[] next = [new([.. prompt, .. first.Tokens, 1, 2, 3], sampling)];

        var kept = engine.Generate(next);

        var alone = new GenerationEngine(model, Plain with { Speculation = draft });
        Assert.Equal(Text(alone.Generate(next)), Text(kept));
        Assert.Equal(0, cache.HeldPages);

        // 40 + 20 tokens were computed before, but for the last few, which nothing was drafted after.
        var saved = alone.Usage.DraftModelTokens - engine.Usage.DraftModelTokens;
        Assert.InRange(saved, 40 + 20 - 6, 40 + 20);
        other.WeightsChanged();
        engine.Generate(next);
        Assert.Equal(alone.Usage.DraftModelTokens, engine.Usage.DraftModelTokens);
    }

    [Fact]
    public void Sampled_tokens_follow_the_distribution_of_the_model()
    {
        // 20,000 pairs of tokens of 8; what the model says of each pair is computed by itself. Σ (seen − expected)² /
        // expected has 63 degrees of freedom: above 131 once in a million.
        using var model = TinyModel.Varied(seed: 7, vocabulary: 8);
        using var other = TinyModel.Varied(seed: 8, vocabulary: 8);
        var sampling = new SamplingOptions { MaxNewTokens = 3, Temperature = 1.5, Seed = 11 };
        GenerationRequest[] requests =
            [.. Enumerable.Range(0, 20_000).Select(i => new GenerationRequest([1, 2, 1, 2, 1], sampling, 0, (uint)i))];
        var engine = new GenerationEngine(model, Plain with { Speculation = new Speculation.Draft(other) });

        var seen = new double[64];
        foreach (var completion in engine.Generate(requests))
        {
            seen[(completion.Tokens[1] * 8) + completion.Tokens[2]]++;
        }

        var expected = new double[64];
        var first = Probabilities(model, [1, 2, 1, 2, 1], 1.5);
        for (var a = 0; a < 8; a++)
        {
            var second = Probabilities(model, [1, 2, 1, 2, 1, a], 1.5);
            for (var b = 0; b < 8; b++)
            {
                var third = Probabilities(model, [1, 2, 1, 2, 1, a, b], 1.5);
                for (var c = 0; c < 8; c++)
                {
                    expected[(b * 8) + c] += 20_000 * first[a] * second[b] * third[c];
                }
            }
        }

        Assert.InRange(engine.Usage.AcceptanceRate, 0.05, 0.95); // both outcomes of a check are met
        Assert.InRange(seen.Zip(expected, (s, e) => (s - e) * (s - e) / e).Sum(), 0, 131);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 1, 2, 3 }, new[] { 4, 1, 2, 3 })]
    [InlineData(new[] { 9, 3, 5, 7, 3, 6, 3 }, new[] { 6, 3, 6, 3 })] // the last time, and on with the copy
    [InlineData(new[] { 5, 5 }, new[] { 5, 5, 5, 5 })]
    [InlineData(new[] { 1, 2, 3 }, new int[0])]
    [InlineData(new[] { 1 }, new int[0])]
    public void Lookup_copies_what_followed_the_last_tokens(int[] text, int[] draft) =>
        Assert.Equal(draft, LookupDrafter.Find(text, longestRun: 3, count: 4));

    [Fact]
    public void A_draft_model_must_have_the_vocabulary()
    {
        using var model = TinyModel.Varied(seed: 7);
        using var other = TinyModel.Varied(seed: 8, vocabulary: 8);
        Assert.Equal(
            "generation engine: a draft model must predict the 32 tokens of the model's vocabulary, "
            + "this one has 8 tokens; take a smaller model of the same family",
            Assert.Throws<CheckpointException>(
                () => new GenerationEngine(model, Plain with { Speculation = new Speculation.Draft(other) })).Message);
        Assert.Equal(
            ["draft_tokens: must be from 1 to 64, got 0"],
            (Plain with { Speculation = new Speculation.Lookup { DraftTokens = 0 } }).Problems());
    }

    // Every way to choose a token: by the kernel with and without looking back, and outside it.
    private static SamplingOptions[] Kinds()
    {
        var some = new SamplingOptions { MaxNewTokens = 30, Seed = 3 };
        return
        [
            some,
            some with { Temperature = 0.3, TopK = 5, TopP = 0.9, MinP = 0.01, StopTokens = [4] },
            some with { RepetitionPenalty = 1.3, MinNewTokens = 9, StopTokens = [4, 5, 6, 7] },
            some with { FrequencyPenalty = 0.2, PresencePenalty = 0.1 },
            some with { Temperature = 0, Suppressed = [1, 2] },
            some with { NoRepeatLength = 2, TypicalP = 0.9, Biases = [new PhraseBias([3, 4], 2)] },
            some with { Temperature = 0.5, StopStrings = ["aa", "bc"] },
        ];
    }

    private static GenerationRequest[] Requests(SamplingOptions options, int prompt) =>
    [
        .. Enumerable.Range(0, 3).Select(sample => new GenerationRequest(
            [.. Enumerable.Range(0, 5 + (9 * prompt)).Select(i => (i * (1 + (sample % 2))) % 7)],
            options,
            (uint)prompt,
            (uint)sample)),
    ];

    private static Speculation Of(string source, Decoder model, Decoder other) => source switch
    {
        "lookup" => new Speculation.Lookup(),
        "same model" => new Speculation.Draft(model),
        "other model in few bits" => new Speculation.Draft(other) { Weights = GenerationWeights.Int4 },
        _ => new Speculation.Draft(other),
    };

    // Each token is a letter.
    private static Func<int, string> Words() => token => ((char)('a' + (token % 8))).ToString();

    private static double[] Probabilities(Decoder model, int[] text, double temperature)
    {
        using var scope = TensorScope.Open();
        using var still = Autograd.NoGrad();
        var hidden = model.Hidden(TokenBatch.Of(text));
        var logits = model.Head.Logits(hidden).ToArray<float>()[^model.Config.VocabularySize..];
        var weights = logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static (string Tokens, string LogProbs, FinishReason Reason)[] Text(Completion[] completions) =>
    [
        .. completions.Select(one => (
            string.Join(' ', one.Tokens),
            string.Join(' ', one.LogProbs.Select(BitConverter.SingleToInt32Bits)),
            one.Reason)),
    ];
}
