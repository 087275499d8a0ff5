using Hone.Models.Adapters;
using Hone.Models.Generation;

namespace Hone.Models.Tests.Adapters;

public sealed class AdapterGenerationTests
{
    private static readonly SamplingOptions Greedy = new() { Temperature = 0, MaxNewTokens = 6 };
    private static readonly int[] Prompt = [1, 2, 3, 4, 5, 6, 7];

    [Theory]
    [MemberData(nameof(TinyAdapters.Names), MemberType = typeof(TinyAdapters))]
    public void Generation_with_a_cache_follows_the_adapted_model_token_by_token(string kind)
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, kind);
        var engine = new GenerationEngine(model, new EngineOptions { PrefillTokens = 4 });

        var completion = engine.Generate([new GenerationRequest(Prompt, Greedy) { Adapter = kind }])[0];

        model.Adapters.Activate(kind);
        var (tokens, width) = (Prompt.Concat(completion.Tokens).ToArray(), model.Config.VocabularySize);
        var logits = TinyAdapters.Logits(model, tokens);
        for (var i = 0; i < completion.Tokens.Length; i++)
        {
            var row = logits.AsSpan((Prompt.Length - 1 + i) * width, width);
            Assert.Equal(row.IndexOf(Largest(row)), completion.Tokens[i]);
            Assert.Equal(row[completion.Tokens[i]] - LogSumExp(row), completion.LogProbs[i], 1e-3f);
        }
    }

    [Fact]
    public void Requests_of_all_kinds_in_one_batch_give_what_each_gives_alone()
    {
        using var model = TinyAdapters.Model();
        foreach (var kind in TinyAdapters.All.Keys)
        {
            TinyAdapters.Add(model, kind);
        }

        string?[] adapters = [null, AdapterRack.Base, .. TinyAdapters.All.Keys];
        var requests = adapters.SelectMany(adapter => Prompts().Select(
            (prompt, i) => new GenerationRequest(prompt, Sampled(i)) { Adapter = adapter })).ToArray();
        var options = new EngineOptions { PrefillTokens = 16, MaxBatch = 24 };

        var together = new GenerationEngine(model, options).Generate(requests);

        for (var i = 0; i < requests.Length; i++)
        {
            var alone = new GenerationEngine(model, options).Generate([requests[i]])[0];
            Assert.Equal(alone.Tokens, together[i].Tokens);
            Assert.Equal(alone.LogProbs, together[i].LogProbs, (a, b) => Math.Abs(a - b) <= 1e-4);
        }

        Assert.True(
            together.Select(completion => string.Join(' ', completion.Tokens)).Distinct().Count() > adapters.Length);
    }

    [Fact]
    public void What_is_remembered_belongs_to_its_adapters()
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, "lora");
        using var prefixes = new PrefixCache(model, new EngineOptions());
        var engine = new GenerationEngine(model, new EngineOptions(), prefixes: prefixes);
        int[] prompt = [.. Enumerable.Range(1, 40).Select(i => i % 30)];
        var cached = new List<long>();
        foreach (var adapter in new[] { AdapterRack.Base, "lora", "lora", AdapterRack.Base })
        {
            var request = new GenerationRequest(prompt, Greedy) { Adapter = adapter };
            var expected = new GenerationEngine(model, new EngineOptions()).Generate([request])[0];

            Assert.Equal(expected.Tokens, engine.Generate([request])[0].Tokens);
            cached.Add(engine.Usage.CachedTokens);
        }

        // All of the prompt but its last token, which predicts the next.
        Assert.Equal([0, 0, 39, 39], cached);
    }

    [Fact]
    public void Experts_see_the_adapters_of_their_own_tokens()
    {
        var reference = CheckpointCase.Open("mixtral");
        using var model = ModelFolder.Load(reference.Folder);
        foreach (var (name, seed) in new[] { ("one", 1UL), ("two", 2UL) })
        {
            var adapter = Adapter.Create(model.Decoder, TinyAdapters.All["lora"], seed);
            TinyAdapters.Move(adapter, seed);
            model.Decoder.Adapters.Add(name, adapter);
        }

        GenerationRequest[] requests =
            [.. new[] { "one", AdapterRack.Base, "two" }.Select(
                adapter => new GenerationRequest(Prompt, Greedy) { Adapter = adapter })];
        var engine = new GenerationEngine(model.Decoder, new EngineOptions());

        var together = engine.Generate(requests);

        Assert.Equal(
            requests.Select(request => string.Join(' ', engine.Generate([request])[0].Tokens)),
            together.Select(one => string.Join(' ', one.Tokens)));
        Assert.Equal(3, together.Select(one => string.Join(' ', one.Tokens)).Distinct().Count());
    }

    [Fact]
    public void The_context_holds_virtual_tokens_too()
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, "prompt");
        var engine = new GenerationEngine(model, new EngineOptions());
        var request = new GenerationRequest([.. Enumerable.Repeat(1, 61)], Greedy) { Adapter = "prompt" };

        Assert.Equal(
            "prompt 0: must be shorter than the 61 tokens that 3 virtual ones leave of the model's context, it has 61; "
            + "cut it",
            Assert.Throws<CheckpointException>(() => engine.Generate([request])).Message);
        Assert.Single(engine.Generate([request with { Prompt = [.. Enumerable.Repeat(1, 60)] }])[0].Tokens);
    }

    [Fact]
    public void An_adapter_that_was_not_loaded_is_refused_before_anything_is_generated()
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, "lora");
        var engine = new GenerationEngine(model, new EngineOptions());

        Assert.Equal(
            "adapter \"loar\": must be one that was loaded, there is none of that name; loaded are lora",
            Assert.Throws<CheckpointException>(
                () => engine.Generate([new GenerationRequest(Prompt, Greedy) { Adapter = "loar" }])).Message);
    }

    private static int[][] Prompts() => [Prompt, [3, 1], [9, 8, 7, 6, 5, 4, 3, 2, 1, 11, 12]];

    private static SamplingOptions Sampled(int prompt) =>
        new() { Temperature = 0.8, MaxNewTokens = 5 + prompt, Seed = 3 };

    private static float Largest(ReadOnlySpan<float> row)
    {
        var largest = row[0];
        foreach (var value in row)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    private static float LogSumExp(ReadOnlySpan<float> row)
    {
        var (largest, sum) = (Largest(row), 0.0);
        foreach (var value in row)
        {
            sum += Math.Exp(value - largest);
        }

        return largest + (float)Math.Log(sum);
    }
}
