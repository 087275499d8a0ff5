using Hone.Models.Adapters;

namespace Hone.Models.Generation;

/// <summary>Generates many completions at once with the weights that the trainer trains.</summary>
/// <remarks>
/// Completions join and leave the batch at any step (continuous batching); keys and values lie in pages that the
/// samples of a prompt share. What is drawn for a request depends on its seed and addresses alone, so that the batch,
/// its order and its limits change nothing but the last bits of logits.
/// </remarks>
public sealed class GenerationEngine
{
    private readonly Decoder _decoder;
    private readonly EngineOptions _options;
    private readonly Func<Func<int, string>>? _openText;
    private readonly PrefixCache? _prefixes;

    /// <summary>Creates an engine.</summary>
    /// <param name="decoder">The model; its weights may change between runs.</param>
    /// <param name="options">How much to do at once.</param>
    /// <param name="openText">Opens a stream that gives the text which each further token adds; needed for stop
    /// strings.</param>
    /// <param name="prefixes">Keeps what was computed for later runs; the caller disposes of it. Null: each run begins
    /// with nothing.</param>
    /// <exception cref="CheckpointException">The options contradict each other, or the model does not predict
    /// tokens.</exception>
    public GenerationEngine(
        Decoder decoder, EngineOptions options, Func<Func<int, string>>? openText = null, PrefixCache? prefixes = null)
    {
        if (options.Problems().ToArray() is [_, ..] problems)
        {
            throw new CheckpointException($"generation engine: {string.Join("; ", problems)}");
        }

        if (decoder.Config.Labels is not null)
        {
            throw new CheckpointException(
                "generation engine: the model must have a head that predicts tokens, its head scores labels; use its "
                    + "scores");
        }

        if (options.Speculation is Speculation.Draft { Model.Config: var draft })
        {
            Speculation.Draft.RequireVocabulary(decoder.Config, draft);
        }

        Path = GenerationPath.Of(decoder, options);
        (_decoder, _options, _openText, _prefixes) = (decoder, options, openText, prefixes);
    }

    /// <summary>How the model generates.</summary>
    public GenerationPath Path { get; }

    /// <summary>What the last run computed.</summary>
    public GenerationUsage Usage { get; private set; }

    /// <summary>Generates one completion for each request.</summary>
    /// <param name="requests">What to generate.</param>
    /// <param name="events">What to tell on the way, or null.</param>
    /// <param name="cancel">Ends all unfinished completions with <see cref="FinishReason.Abort"/>; what they have is
    /// returned.</param>
    /// <returns>The completions in the order of the requests.</returns>
    /// <exception cref="CheckpointException">A request cannot be honoured, or the model gives no numbers; nothing is
    /// generated then.</exception>
    public Completion[] Run(
        IReadOnlyList<GenerationRequest> requests, GenerationEvents? events = null, CancellationToken cancel = default)
    {
        using var session = Open(events);
        session.Submit(requests);
        while (!session.IsIdle && !cancel.IsCancellationRequested)
        {
            session.Step();
        }

        session.AbortAll();
        Usage = session.Usage;
        return [.. session.Completions.Select(completion => completion!)];
    }

    /// <summary>Opens a session, to which requests come as they come.</summary>
    /// <param name="events">What to tell on the way, or null.</param>
    public GenerationSession Open(GenerationEvents? events = null) =>
        new(this, new GenerationRun(_decoder, _options, _openText, _prefixes, events ?? new GenerationEvents()));

    /// <summary>What a session leaves behind: the next weights of a model that is trained are other ones, and training
    /// needs the memory.</summary>
    internal void Close()
    {
        if (Path.IsFused && _decoder.IsTrainable)
        {
            _decoder.Packed.Release();
        }
    }

    /// <summary>Refuses requests that cannot be honoured.</summary>
    internal void Check(IReadOnlyList<GenerationRequest> requests)
    {
        var obstacles = new Dictionary<AdapterCombination, string?>();
        string? Obstacle(AdapterCombination adapters)
        {
            if (!obstacles.TryGetValue(adapters, out var first))
            {
                obstacles.Add(adapters, first = FusedDialect.Obstacles(_decoder, adapters).FirstOrDefault());
            }

            return first;
        }

        for (var i = 0; i < requests.Count; i++)
        {
            var (prompt, options) = (requests[i].Prompt, requests[i].Options);
            var inserted = _decoder.Adapters.Find(requests[i].Adapter).VirtualTokens;
            var context = _decoder.Config.ContextLength - inserted;
            var vocabulary = _decoder.Config.VocabularySize;
            var problem = prompt switch
            {
                [] => "must have at least one token, it is empty; begin it with the model's first token",
                _ when prompt.Length >= context && inserted > 0 =>
                    $"must be shorter than the {context} tokens that {inserted} virtual ones leave of the model's "
                        + $"context, it has {prompt.Length}; cut it",
                _ when prompt.Length >= context =>
                    $"must be shorter than the model's context of {context} tokens, it has {prompt.Length}; cut it",
                _ when prompt.Any(id => id < 0 || id >= vocabulary) =>
                    $"must have tokens from 0 to {vocabulary - 1}, got "
                        + $"{prompt.First(id => id < 0 || id >= vocabulary)}; is this the model's tokenizer?",
                _ when Named(options).Any(id => id < 0 || id >= vocabulary) =>
                    $"must name tokens from 0 to {vocabulary - 1} in its options, got "
                        + $"{Named(options).First(id => id < 0 || id >= vocabulary)}",
                _ when _options.FewBits is { } few
                    && Obstacle(_decoder.Adapters.Find(requests[i].Adapter)) is { } kind =>
                    $"must go without an adapter or with one that the fused step covers, since the engine keeps {few}, "
                        + $"but its {kind}; merge it first (`hone adapter merge`), or take \"compute\"",
                _ when options.StopStrings.Count > 0 && _openText is null =>
                    "has stop strings, which need a tokenizer; give the engine one",
                _ when options.Problems().FirstOrDefault() is { } fault => fault,
                _ => null,
            };
            if (problem is not null)
            {
                throw new CheckpointException($"prompt {i}: {problem}");
            }
        }
    }

    private static IEnumerable<int> Named(SamplingOptions options) =>
        options.StopTokens.Concat(options.Suppressed).Concat(options.Biases.SelectMany(bias => bias.Tokens));
}
