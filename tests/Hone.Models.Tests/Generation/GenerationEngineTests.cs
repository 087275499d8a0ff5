using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

public sealed class GenerationEngineTests
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

    [Fact]
    public void Draws_do_not_depend_on_what_else_is_in_the_batch_nor_on_its_limits()
    {
        using var model = Tiny();
        var requests = Group(prompts: 3, samples: 4);
        var together = new GenerationEngine(model, new EngineOptions()).Generate(requests);
        var narrow =
            new GenerationEngine(model, new EngineOptions { MaxBatch = 2, PrefillTokens = 3, PageSize = 32 }).Generate(
                requests);

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
        using var model = Tiny();
        var engine = new GenerationEngine(model, new EngineOptions());

        var first = engine.Generate(Group(prompts: 1, samples: 8));
        var second = engine.Generate(Group(prompts: 1, samples: 8));

        Assert.Equal(8, first.Select(completion => string.Join(' ', completion.Tokens)).Distinct().Count());
        Assert.Equal(first.Select(completion => completion.Tokens), second.Select(completion => completion.Tokens));
    }

    [Fact]
    public void The_prompt_of_a_group_is_computed_once_and_its_full_pages_are_shared()
    {
        using var model = Tiny();
        var engine = new GenerationEngine(model, new EngineOptions());
        int[] prompt = [.. Enumerable.Range(0, 40).Select(i => i % 32)];
        var requests = Enumerable.Range(0, 8)
            .Select(sample => new GenerationRequest(prompt, new SamplingOptions { MaxNewTokens = 2 }, 0, (uint)sample))
            .ToArray();

        engine.Generate(requests);

        // Forty tokens of the prompt once, two chosen by each; the first pass is the prompt's, the second stores the
        // first chosen token of all.
        // Pages: 2 full ones of the prompt, shared, and each of 8 its own third page with tokens 32 to 40.
        Assert.Equal(
            new GenerationUsage(PromptTokens: 40, NewTokens: 16, Passes: 2, PeakPages: 10,
                LeakedPages: 0)
            { RequestedTokens = 8 * 40, GrownTokens = 8 },
            engine.Usage);
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
        using var model = Tiny();
        var requests = Group(prompts: 2, samples: 2)
            .Select(request => request with
            {
                Options =
                request.Options with
                {
                    Temperature = 0.7,
                    LogProbTemperature = temperature,
                    TopK = 5,
                    RepetitionPenalty = 1.3,
                    NoRepeatLength = noRepeatLength,
                }
            })
            .ToArray();

        var completions = new GenerationEngine(model, new EngineOptions { Path = path }).Generate(requests);

        var scores = new SequenceScorer(model).Score(
            [.. completions.Zip(requests, (completion, request) => (int[])[.. request.Prompt, .. completion.Tokens])],
            temperature);
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(
                scores[i][requests[i].Prompt.Length..], completions[i].LogProbs, (a, b) => Math.Abs(a - b) < 1e-5f);
        }
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

        var scores = new SequenceScorer(model.Decoder).Score(
            [.. completions.Select(completion => (int[])[1, 403, 407, 261, .. completion.Tokens])]);
        var mismatch = completions
            .SelectMany((completion, i) =>
                completion.LogProbs.Zip(scores[i][4..], (rollout, training) => Math.Abs((double)rollout - training)))
            .Average();
        Assert.True(mismatch <= tolerance, $"log-probs differ by {mismatch} in the mean");
    }

    [Fact]
    public void Generation_sees_weights_that_changed_in_place()
    {
        using var model = Tiny();
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
    public void A_completion_ends_at_any_of_its_stop_tokens_and_keeps_it()
    {
        using var model = Tiny();
        var engine = new GenerationEngine(model, new EngineOptions());
        var request = new GenerationRequest([1, 2, 3], new SamplingOptions { MaxNewTokens = 20, Seed = 5 });
        var free = engine.Generate([request])[0];
        var third = free.Tokens[2];

        var stopped =
            engine.Generate([request with { Options = request.Options with { StopTokens = [31, third] } }])[0];

        var end = Array.FindIndex(free.Tokens, token => token == third || token == 31);
        Assert.Equal(free.Tokens[..(end + 1)], stopped.Tokens);
        Assert.Equal((FinishReason.Length, FinishReason.Stop), (free.Reason, stopped.Reason));
    }

    [Fact]
    public void A_completion_ends_once_its_text_contains_a_stop_string()
    {
        using var model = Tiny();
        var engine = new GenerationEngine(model, new EngineOptions(), () => token => $"<{token}>");
        var request = new GenerationRequest([1, 2, 3], new SamplingOptions { MaxNewTokens = 20, Seed = 5 });
        var free = engine.Generate([request])[0];
        var stop = $"{free.Tokens[3]}><{free.Tokens[4]}";

        var stopped = engine.Generate([request with { Options = request.Options with { StopStrings = [stop] } }])[0];

        Assert.Equal(free.Tokens[..5], stopped.Tokens);
        Assert.Equal(FinishReason.Stop, stopped.Reason);
    }

    [Fact]
    public void No_stop_token_is_chosen_before_the_fewest_new_tokens()
    {
        using var model = Tiny();
        var engine = new GenerationEngine(model, new EngineOptions());
        var stops = Enumerable.Range(0, 24).ToArray();

        var completions = engine.Generate([.. Group(prompts: 1, samples: 16).Select(request => request with
        {
            Options =
                request.Options with { StopTokens = ValueList.Create<int>(stops), MinNewTokens = 4, MaxNewTokens = 30 },
        })]);

        Assert.All(completions, completion =>
            Assert.True(completion.Tokens.Length >= 5 && completion.Tokens[..4].All(token => token >= 24)));
    }

    [Fact]
    public void Called_off_it_returns_what_there_is()
    {
        using var model = Tiny();
        using var cancel = new CancellationTokenSource();
        var chosen = 0;
        var events = new GenerationEvents { Chosen = (_, _) => { if (++chosen == 7) { cancel.Cancel(); } } };

        var completions = new GenerationEngine(model, new EngineOptions { MaxBatch = 3 }).Run(
            Group(prompts: 1, samples: 5), events, cancel.Token);

        // Three start with a token each, then a pass gives each a second and a third: 3 + 3 + 3, the seventh in the
        // third round.
        Assert.Equal([3, 3, 3, 0, 0], completions.Select(completion => completion.Tokens.Length));
        Assert.All(completions, completion => Assert.Equal(FinishReason.Abort, completion.Reason));
    }

    [Fact]
    public void Every_token_and_every_end_is_told()
    {
        using var model = Tiny();
        var told = new List<int>[] { [], [] };
        var ends = new Dictionary<int, Completion>();
        var events = new GenerationEvents
        {
            Chosen = (i, token) => told[i].Add(token.Id),
            Ended = (i, completion) => ends.Add(i, completion),
        };

        var completions =
            new GenerationEngine(model, new EngineOptions()).Generate(Group(prompts: 2, samples: 1), events);

        Assert.Equal(completions.Select(completion => completion.Tokens), told.Select(tokens => tokens.ToArray()));
        Assert.Equal<Completion[]>(completions, [ends[0], ends[1]]);
    }

    [Fact]
    public void A_completion_ends_where_the_context_ends()
    {
        using var model = Tiny();

        var completion = new GenerationEngine(model, new EngineOptions()).Generate(
            [new GenerationRequest(Enumerable.Repeat(1, 60).ToArray(), new SamplingOptions { MaxNewTokens = 100 })])[0];

        Assert.Equal((4, FinishReason.Length), (completion.Tokens.Length, completion.Reason));
    }

    [Fact]
    public void Requests_that_cannot_be_honoured_are_refused_before_anything_is_generated()
    {
        using var model = Tiny();
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
        using var model = Tiny();

        // A page of 16 tokens takes 2 layers · 2 heads · 16 · (4 numbers of a key + 16 of a value, filled up) · 4 bytes
        // = 5120 bytes. Three tokens and twenty new ones need one page for the prompt and two for the completion, its
        // own copy of the first included.
        var engine = new GenerationEngine(model, new EngineOptions { CacheBytes = 2 * 5120 });
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
        using var model = Tiny();
        var requests = Group(prompts: 4, samples: 4);
        var roomy = new GenerationEngine(model, new EngineOptions()).Generate(requests);

        var tight = new GenerationEngine(model, new EngineOptions { CacheBytes = 4 * 5120 });
        var completions = tight.Generate(requests);

        Assert.Equal(
            roomy.Select(completion => completion.Tokens), completions.Select(completion => completion.Tokens));
        Assert.InRange(tight.Usage.PeakPages, 1, 4);
    }

    [Fact]
    public void A_run_leaves_no_tensor_behind()
    {
        using var model = Tiny();
        var engine = new GenerationEngine(model, new EngineOptions());
        engine.Generate(Group(prompts: 1, samples: 2));
        var before = TorchRuntime.LiveTensors;

        engine.Generate(Group(prompts: 2, samples: 3));

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    private static Decoder Tiny() => Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.5 }, seed: 7);

    private static GenerationRequest[] Group(int prompts, int samples) =>
    [
        .. from prompt in Enumerable.Range(0, prompts)
           from sample in Enumerable.Range(0, samples)
           select new GenerationRequest(
               [.. Enumerable.Range(1, 3 + (2 * prompt))], new SamplingOptions { MaxNewTokens = 12, Seed = 3 },
               (uint)prompt, (uint)sample),
    ];
}
