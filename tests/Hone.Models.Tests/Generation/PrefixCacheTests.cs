using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

public sealed class PrefixCacheTests
{
    private static readonly EngineOptions Options = new();

    [Fact]
    public void Prompts_that_begin_alike_compute_their_beginning_once()
    {
        using var model = TinyModel.Varied();
        int[] beginning = [.. Enumerable.Range(0, 35).Select(i => i % 32)];
        GenerationRequest[] requests =
            [Request([.. beginning, 1, 2, 3, 4, 5]), Request([.. beginning, 5, 4, 3, 2, 1], index: 1)];
        var engine = new GenerationEngine(model, Options);

        var together = engine.Generate(requests);

        // Two full pages of the second prompt are those of the first, in the very same pass; the other 8 of its 40
        // tokens are its own.
        Assert.Equal((48, 32, 1), (engine.Usage.PromptTokens, engine.Usage.CachedTokens, engine.Usage.Passes - 5));
        Assert.Equal(Alone(model, requests), Text(together));
    }

    [Fact]
    public void A_later_run_continues_from_all_that_was_computed()
    {
        using var model = TinyModel.Varied();
        using var prefixes = new PrefixCache(model, Options);
        var engine = new GenerationEngine(model, Options, prefixes: prefixes);
        int[] prompt = [.. Enumerable.Range(0, 20)];
        var first = engine.Generate([Request(prompt, tokens: 10)])[0];
        var next = Request([.. prompt, .. first.Tokens, 7, 8, 9]);

        var second = engine.Generate([next]);

        // Of 20 + 10 tokens all are in the cache but the last, which was chosen and not computed: one page, and 13
        // tokens of another, whose copy goes on with it and the three that are new.
        Assert.Equal((29, 4), (engine.Usage.CachedTokens, engine.Usage.PromptTokens));
        Assert.Equal(Alone(model, [next]), Text(second));
        Assert.Equal(0, prefixes.HeldPages);
    }

    [Fact]
    public void A_beam_search_computes_each_node_once()
    {
        // 16 beams, 8 levels, 16 tokens a node, from a prompt of 64. Each beam continues the tokens of its parent.
        using var model = TinyModel.Varied();
        using var prefixes = new PrefixCache(model, Options);
        var engine = new GenerationEngine(model, Options, prefixes: prefixes);
        var spent = default(GenerationUsage);
        int[][] beams = [.. Enumerable.Repeat(Enumerable.Range(0, 64).Select(i => i % 32).ToArray(), 16)];
        for (var level = 0; level < 8; level++)
        {
            GenerationRequest[] requests =
                [.. beams.Select((beam, i) => Request(beam, tokens: 16, index: (uint)level, sample: (uint)i))];
            var found = engine.Generate(requests);
            Assert.Equal(Alone(model, requests), Text(found));
            spent += engine.Usage;

            // The best half is continued twice.
            beams =
            [
                .. found.Zip(beams, (completion, beam) => (completion, beam))
                    .OrderByDescending(one => one.completion.LogProbs.Sum()).Take(8)
                    .SelectMany(one => Enumerable.Repeat((int[])[.. one.beam, .. one.completion.Tokens], 2)),
            ];
        }

        // The prompt, then the last token of each of 8 parents at 7 levels; each beam by itself computes 64 + 16 ·
        // level. Of 16 new tokens 15 go through the model.
        Assert.Equal(64 + (8 * 7), spent.PromptTokens);
        Assert.Equal(Enumerable.Range(0, 8).Sum(level => 16 * (64 + (16 * level))), spent.RequestedTokens);
        Assert.Equal(16 * 8 * 15, spent.GrownTokens);
        Assert.Equal((120 + 1920, 15360 + 1920), (spent.ComputedTokens, spent.UnsharedTokens));
    }

    [Fact]
    public void Completions_that_give_way_lose_nothing()
    {
        // Eight completions of 5 + 50 tokens take 4 pages each; there are 9 in all.
        using var model = TinyModel.Varied();
        GenerationRequest[] requests =
            [.. Enumerable.Range(0, 8).Select(i => Request([1, 2, 3, 4, (i % 4) + 5], tokens: 50, index: (uint)i))];
        var tight = new GenerationEngine(
            model, new EngineOptions { CacheBytes = 9 * TinyModel.PageBytes, PrefillTokens = 16 });

        var completions = tight.Generate(requests);

        Assert.Equal(Alone(model, requests), Text(completions));
        Assert.True(tight.Usage.Preemptions > 0 && tight.Usage.RecomputedTokens > 0, $"{tight.Usage}");
        Assert.InRange(tight.Usage.PeakPages, 5, 9);
        Assert.Equal(0, tight.Usage.LeakedPages);
    }

    [Fact]
    public void Any_sizes_of_cache_batch_and_chunks_give_the_same_bits()
    {
        using var model = TinyModel.Varied();
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, 24).Select(i => Request(
                [.. Enumerable.Range(0, 3 + (i * 7 % 50)).Select(t => (t * (1 + (i % 3))) % 32)],
                tokens: 3 + (i * 11 % 40),
                index: (uint)(i / 2),
                sample: (uint)i)),
        ];
        var expected = Alone(model, requests);
        foreach (var (pages, batch, chunk) in new[] { (7, 24, 2048), (12, 5, 9), (20, 24, 3), (400, 7, 31) })
        {
            var options = new EngineOptions
            {
                CacheBytes = pages * TinyModel.PageBytes,
                MaxBatch = batch,
                PrefillTokens = chunk,
                PrefixBytes = pages * 1280L,
            };
            using var prefixes = new PrefixCache(model, options);
            var engine = new GenerationEngine(model, options, prefixes: prefixes);

            Assert.Equal(expected, Text(engine.Generate(requests)));
            Assert.Equal(expected, Text(engine.Generate(requests)));
            Assert.InRange(engine.Usage.PeakPages, 1, pages);
            Assert.Equal(0, prefixes.HeldPages);
        }
    }

    [Fact]
    public void Requests_that_come_later_get_the_same_and_one_that_is_called_off_frees_its_pages()
    {
        using var model = TinyModel.Varied();
        GenerationRequest[] requests =
        [
            Request([1, 2, 3], 30), Request([1, 2, 4], 30, index: 1), Request([5], 6, index: 2),
            Request([6], 6, index: 3),
        ];
        var expected = Alone(model, requests);
        using var prefixes = new PrefixCache(model, Options);
        using var session = new GenerationEngine(model, Options, prefixes: prefixes).Open();
        session.Submit(requests[..2]);
        session.Step();
        session.Step();
        Assert.Equal(2, session.Submit(requests[2..]));
        session.Step();
        session.Abort(0);
        session.Abort(3);
        while (!session.IsIdle)
        {
            session.Step();
        }

        // Three steps: the prompt, then two more tokens after the first one; the fourth request had not got further
        // than its prompt.
        Completion[] completions = [.. session.Completions.Select(one => one!)];
        Assert.Equal(
            [FinishReason.Abort, FinishReason.Length, FinishReason.Length, FinishReason.Abort],
            completions.Select(one => one.Reason));
        Assert.Equal([3, 30, 6, 0], completions.Select(one => one.Tokens.Length));
        Assert.Equal(expected[1..3], Text(completions)[1..3]);
        Assert.StartsWith(string.Join(' ', completions[0].Tokens), expected[0].Tokens, StringComparison.Ordinal);
        Assert.Equal(0, prefixes.HeldPages);
    }

    [Fact]
    public void Other_weights_forget_what_was_computed()
    {
        using var model = TinyModel.Varied();
        using var prefixes = new PrefixCache(model, Options);
        var engine = new GenerationEngine(model, Options, prefixes: prefixes);
        var request = Request([.. Enumerable.Range(0, 40).Select(i => i % 32)]);
        engine.Generate([request]);
        using (Autograd.NoGrad())
        {
            model.Parameters["model.layers.0.self_attn.k_proj.weight"].MultiplyInPlace(-3);
            model.WeightsChanged();
        }

        var after = engine.Generate([request]);

        Assert.Equal(0, engine.Usage.CachedTokens);
        Assert.Equal(Alone(model, [request]), Text(after));
    }

    [Fact]
    public void Weights_stay_while_requests_are_open_and_may_change_between()
    {
        using var model = TinyModel.Varied();
        using var session = new GenerationEngine(model, Options).Open();
        session.Submit(Request([1, 2]));
        session.Step();
        model.WeightsChanged();
        var error = Assert.Throws<InvalidOperationException>(session.Step);
        Assert.Equal(
            "generation: the weights of a session must stay while requests are open, 1 are; end or abort them first",
            error.Message);

        session.AbortAll();
        session.Submit(Request([1, 2]));
        while (!session.IsIdle)
        {
            session.Step();
        }

        Assert.Equal(model.WeightVersion, session.Completions[1]!.WeightVersion);
    }

    [Fact]
    public void A_cache_serves_one_session_at_a_time()
    {
        using var model = TinyModel.Varied();
        using var prefixes = new PrefixCache(model, Options);
        var engine = new GenerationEngine(model, Options, prefixes: prefixes);
        using (engine.Open())
        {
            Assert.Equal(
                "generation: a prefix cache must serve one session at a time, another one is open; dispose of it first",
                Assert.Throws<InvalidOperationException>(() => engine.Open()).Message);
        }

        Assert.Single(engine.Generate([Request([1])]));
    }

    [Fact]
    public void What_a_broken_step_was_to_fill_is_not_remembered()
    {
        using var model = TinyModel.Varied();
        using var prefixes = new PrefixCache(model, Options);
        foreach (var weight in model.Parameters.Values)
        {
            weight.Fill(double.NaN);
        }

        model.WeightsChanged();
        using var session = new GenerationEngine(model, Options, prefixes: prefixes).Open();
        session.Submit(Request([.. Enumerable.Range(0, 32)]));

        // The first step computes the prompt, the second chooses from what is no number.
        session.Step();
        Assert.Throws<CheckpointException>(session.Step);

        Assert.Equal(0, prefixes.RememberedPages);
    }

    [Fact]
    public void A_request_that_can_never_fit_is_refused_and_one_that_fits_alone_is_served()
    {
        // Pages of 16: a prompt of 17 tokens and 31 new ones take 3 pages, and one more while the prompt's last is
        // copied.
        using var model = TinyModel.Varied();
        var engine = new GenerationEngine(model, Options with { CacheBytes = 4 * TinyModel.PageBytes });
        int[] prompt = [.. Enumerable.Range(0, 17)];

        Assert.Equal(Alone(model, [Request(prompt, 31)]), Text(engine.Generate([Request(prompt, 31)])));
        Assert.Equal(
            "generation engine: the cache must hold a prompt of 17 tokens and its completion, 5 pages; "
            + "cache_bytes 20480 are 4 pages; raise cache_bytes or lower max_new_tokens",
            Assert.Throws<CheckpointException>(() => engine.Generate([Request(prompt, 32)])).Message);
    }

    [Fact]
    public void What_is_remembered_stays_within_its_bytes()
    {
        using var model = TinyModel.Varied();
        var options = new EngineOptions { PrefixBytes = 3 * TinyModel.PageBytes };
        using var prefixes = new PrefixCache(model, options);
        var engine = new GenerationEngine(model, options, prefixes: prefixes);

        engine.Generate(
            [.. Enumerable.Range(0, 6).Select(i => Request([.. Enumerable.Repeat(i, 40)], index: (uint)i))]);

        Assert.Equal((3, 0), (prefixes.RememberedPages, prefixes.HeldPages));
    }

    private static GenerationRequest Request(int[] prompt, int tokens = 6, uint index = 0, uint sample = 0) =>
        new(prompt, new SamplingOptions { MaxNewTokens = tokens, Seed = 3 }, index, sample);

    private static (string Tokens, string LogProbs)[] Alone(Decoder model, GenerationRequest[] requests) =>
        Text([.. requests.Select(request => new GenerationEngine(model, Options).Generate([request])[0])]);

    private static (string Tokens, string LogProbs)[] Text(Completion[] completions) =>
    [
        .. completions.Select(one => (
            string.Join(' ', one.Tokens), string.Join(' ', one.LogProbs.Select(BitConverter.SingleToInt32Bits)))),
    ];
}
