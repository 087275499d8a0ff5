using Hone.Models.Generation;

namespace Hone.Models.Tests.Generation;

/// <summary>When completions end, and what is told of it.</summary>
public sealed class GenerationEndTests
{
    [Fact]
    public void A_completion_ends_at_any_of_its_stop_tokens_and_keeps_it()
    {
        using var model = TinyModel.Varied(positions: 64);
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
        using var model = TinyModel.Varied(positions: 64);
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
        using var model = TinyModel.Varied(positions: 64);
        var engine = new GenerationEngine(model, new EngineOptions());
        var stops = Enumerable.Range(0, 24).ToArray();

        var completions = engine.Generate([.. TinyRequests.Group(prompts: 1, samples: 16).Select(request => request with
        {
            Options = request.Options with { StopTokens = [.. stops], MinNewTokens = 4, MaxNewTokens = 30 },
        })]);

        Assert.All(completions, completion =>
            Assert.True(completion.Tokens.Length >= 5 && completion.Tokens[..4].All(token => token >= 24)));
    }

    [Fact]
    public void Called_off_it_returns_what_there_is()
    {
        using var model = TinyModel.Varied(positions: 64);
        using var cancel = new CancellationTokenSource();
        var chosen = 0;
        var events = new GenerationEvents { Chosen = (_, _) => { if (++chosen == 7) { cancel.Cancel(); } } };

        var completions = new GenerationEngine(model, new EngineOptions { MaxBatch = 3 }).Run(
            TinyRequests.Group(prompts: 1, samples: 5), events, cancel.Token);

        // Three start with a token each, then a pass gives each a second and a third: 3 + 3 + 3, the seventh in the
        // third round.
        Assert.Equal([3, 3, 3, 0, 0], completions.Select(completion => completion.Tokens.Length));
        Assert.All(completions, completion => Assert.Equal(FinishReason.Abort, completion.Reason));
    }

    [Fact]
    public void Every_token_and_every_end_is_told()
    {
        using var model = TinyModel.Varied(positions: 64);
        var told = new List<int>[] { [], [] };
        var ends = new Dictionary<int, Completion>();
        var events = new GenerationEvents
        {
            Chosen = (i, token) => told[i].Add(token.Id),
            Ended = (i, completion) => ends.Add(i, completion),
        };

        var completions = new GenerationEngine(model, new EngineOptions()).Generate(
            TinyRequests.Group(prompts: 2, samples: 1), events);

        Assert.Equal(completions.Select(completion => completion.Tokens), told.Select(tokens => tokens.ToArray()));
        Assert.Equal<Completion[]>(completions, [ends[0], ends[1]]);
    }

    [Fact]
    public void A_completion_ends_where_the_context_ends()
    {
        using var model = TinyModel.Varied(positions: 64);

        var completion = new GenerationEngine(model, new EngineOptions()).Generate(
            [new GenerationRequest(Enumerable.Repeat(1, 60).ToArray(), new SamplingOptions { MaxNewTokens = 100 })])[0];

        Assert.Equal((4, FinishReason.Length), (completion.Tokens.Length, completion.Reason));
    }
}
