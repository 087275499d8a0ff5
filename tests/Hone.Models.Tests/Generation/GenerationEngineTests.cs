using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

public sealed class GenerationEngineTests
{
    [Fact]
    public void Draws_do_not_depend_on_what_else_is_in_the_batch_nor_on_its_limits()
    {
        using var model = TinyModel.Varied(positions: 64);
        var requests = TinyRequests.Group(prompts: 3, samples: 4);
        var together = new GenerationEngine(model, new EngineOptions()).Generate(requests);
        var limits = new EngineOptions { MaxBatch = 2, PrefillTokens = 3, PageSize = 32 };
        var narrow = new GenerationEngine(model, limits).Generate(requests);

        for (var i = 0; i < requests.Length; i++)
        {
            var alone = new GenerationEngine(model, new EngineOptions()).Generate([requests[i]])[0];
            Assert.Equal(alone.Tokens, together[i].Tokens);
            Assert.Equal(alone.Tokens, narrow[i].Tokens);
            Assert.Equal(alone.LogProbs, together[i].LogProbs, (a, b) => Math.Abs(a - b) < 1e-5f);
        }
    }

    [Fact]
    public void Samples_of_a_prompt_differ_and_the_same_addresses_give_the_same_tokens()
    {
        using var model = TinyModel.Varied(positions: 64);
        var engine = new GenerationEngine(model, new EngineOptions());

        var first = engine.Generate(TinyRequests.Group(prompts: 1, samples: 8));
        var second = engine.Generate(TinyRequests.Group(prompts: 1, samples: 8));

        Assert.Equal(8, first.Select(completion => string.Join(' ', completion.Tokens)).Distinct().Count());
        Assert.Equal(first.Select(completion => completion.Tokens), second.Select(completion => completion.Tokens));
    }

    [Fact]
    public void The_prompt_of_a_group_is_computed_once_and_its_full_pages_are_shared()
    {
        using var model = TinyModel.Varied(positions: 64);
        var engine = new GenerationEngine(model, new EngineOptions());
        int[] prompt = [.. Enumerable.Range(0, 40).Select(i => i % 32)];
        var requests = Enumerable.Range(0, 8)
            .Select(sample => new GenerationRequest(prompt, new SamplingOptions { MaxNewTokens = 2 }, 0, (uint)sample))
            .ToArray();

        engine.Generate(requests);

        // Forty tokens of the prompt once, two chosen by each; the first pass is the prompt's, the second stores the
        // first chosen token of all. Pages: 2 full ones of the prompt, shared, and each of 8 its own third page with
        // tokens 32 to 40.
        Assert.Equal(
            new GenerationUsage(PromptTokens: 40, NewTokens: 16, Passes: 2, PeakPages: 10, LeakedPages: 0)
            {
                RequestedTokens = 8 * 40,
                GrownTokens = 8,
            },
            engine.Usage);
    }

    [Fact]
    public void Generation_sees_weights_that_changed_in_place()
    {
        using var model = TinyModel.Varied(positions: 64);
        var engine = new GenerationEngine(model, new EngineOptions());
        var request = new GenerationRequest([1, 2, 3], new SamplingOptions { Temperature = 0, MaxNewTokens = 5 });
        var before = engine.Generate([request])[0];

        using (Autograd.NoGrad())
        {
            model.Parameters["model.layers.0.self_attn.q_proj.weight"].MultiplyInPlace(-3);
            model.Parameters["model.embed_tokens.weight"].MultiplyInPlace(-1);
            model.WeightsChanged();
        }

        var after = engine.Generate([request])[0];
        Assert.NotEqual(before.LogProbs, after.LogProbs);
        Assert.Equal((0, 1), (before.WeightVersion, after.WeightVersion));
    }

    [Fact]
    public void Requests_that_cannot_be_honoured_are_refused_before_anything_is_generated()
    {
        using var model = TinyModel.Varied(positions: 64);
        var engine = new GenerationEngine(model, new EngineOptions());
        var good = new GenerationRequest([1], new SamplingOptions());
        string Refusal(GenerationRequest bad) =>
            Assert.Throws<CheckpointException>(() => engine.Generate([good, bad])).Message;

        Assert.Equal(
            "prompt 1: must be shorter than the model's context of 64 tokens, it has 64; cut it",
            Refusal(good with { Prompt = new int[64] }));
        Assert.Equal("prompt 1: must have at least one token, it is empty; begin it with the model's first token",
            Refusal(good with { Prompt = [] }));
        Assert.Equal("prompt 1: must have tokens from 0 to 31, got 32; is this the model's tokenizer?",
            Refusal(good with { Prompt = [1, 32] }));
        Assert.Equal(
            "prompt 1: has stop strings, which need a tokenizer; give the engine one",
            Refusal(good with { Options = new SamplingOptions { StopStrings = ["."] } }));
        Assert.Equal("prompt 1: top_p: must be above 0 and at most 1, got 0",
            Refusal(good with { Options = new SamplingOptions { TopP = 0 } }));
    }

    [Fact]
    public void A_model_that_scores_labels_is_refused()
    {
        using var model = Decoder.Create(
            TinyModel.Config() with { Labels = new LabelConfig(1, EachToken: false, PadId: 0) }, seed: 7);

        Assert.Equal(
            "generation engine: the model must have a head that predicts tokens, its head scores labels; use its "
                + "scores",
            Assert.Throws<CheckpointException>(() => new GenerationEngine(model, new EngineOptions())).Message);
    }

    [Fact]
    public void A_cache_too_small_for_one_completion_is_refused()
    {
        using var model = TinyModel.Varied(positions: 64);

        // Three tokens and twenty new ones need one page for the prompt and two for the completion, its
        // own copy of the first included.
        var engine = new GenerationEngine(model, new EngineOptions { CacheBytes = 2 * TinyModel.PageBytes });
        var error = Assert.Throws<CheckpointException>(
            () => engine.Generate([new GenerationRequest([1, 2, 3], new SamplingOptions { MaxNewTokens = 20 })]));

        Assert.Equal(
            "generation engine: the cache must hold a prompt of 3 tokens and its completion, 3 pages; cache_bytes "
            + "10240 are 2 pages; raise cache_bytes or lower max_new_tokens",
            error.Message);
    }

    [Fact]
    public void A_cache_with_room_for_few_completions_at_once_loses_none()
    {
        using var model = TinyModel.Varied(positions: 64);
        var requests = TinyRequests.Group(prompts: 4, samples: 4);
        var roomy = new GenerationEngine(model, new EngineOptions()).Generate(requests);

        var tight = new GenerationEngine(model, new EngineOptions { CacheBytes = 4 * TinyModel.PageBytes });
        var completions = tight.Generate(requests);

        Assert.Equal(
            roomy.Select(completion => completion.Tokens), completions.Select(completion => completion.Tokens));
        Assert.InRange(tight.Usage.PeakPages, 1, 4);
    }

    [Fact]
    public void A_run_leaves_no_tensor_behind()
    {
        using var model = TinyModel.Varied(positions: 64);
        var engine = new GenerationEngine(model, new EngineOptions());
        engine.Generate(TinyRequests.Group(prompts: 1, samples: 2));
        var before = TorchRuntime.LiveTensors;

        engine.Generate(TinyRequests.Group(prompts: 2, samples: 3));

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }
}
