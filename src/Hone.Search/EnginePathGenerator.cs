using Hone.Models;
using Hone.Models.Generation;
using Hone.Text;

namespace Hone.Search;

/// <summary>Lets paths go on by a generation engine that remembers what it has computed: of each path only what is new
/// is.</summary>
public sealed class EnginePathGenerator : IPathGenerator, IDisposable
{
    private readonly int[] _promptTokens;
    private readonly Tokenizer _tokenizer;
    private readonly SamplingOptions _sampling;
    private readonly PrefixCache _prefixes;
    private readonly GenerationEngine _engine;
    private readonly int _context;

    /// <summary>Opens an engine.</summary>
    /// <param name="model">The model, with its tokenizer.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="promptTokens">The prompt as tokens, at least one.</param>
    /// <param name="sampling">How the tokens of a step are chosen; its most new tokens are the length of a
    /// step.</param>
    /// <param name="engine">What the engine does at once.</param>
    /// <exception cref="CheckpointException">The model has no tokenizer.</exception>
    public EnginePathGenerator(
        ModelFolder model, string prompt, int[] promptTokens, SamplingOptions sampling, EngineOptions engine)
    {
        _tokenizer = model.Tokenizer
            ?? throw new CheckpointException(
                "search: the model must have a tokenizer, it has none; put its own beside it");
        (Prompt, _promptTokens, _sampling) = (prompt, promptTokens, sampling);
        _context = model.Decoder.Config.ContextLength;
        _prefixes = new PrefixCache(model.Decoder, engine);
        _engine = model.CreateEngine(engine, _prefixes);
    }

    /// <inheritdoc/>
    public string Prompt { get; }

    /// <summary>The ledger of what has gone through the model.</summary>
    public GenerationUsage Usage { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<SearchPath> Extend(IReadOnlyList<SearchPath> paths, int level, CancellationToken cancel)
    {
        GenerationRequest[] requests =
        [
            .. paths.Select((path, i) => new GenerationRequest(
                [.. _promptTokens, .. path.Candidate.Tokens], _sampling, (uint)level, (uint)i)),
        ];
        var completions = _engine.Run(requests, events: null, cancel);
        cancel.ThrowIfCancellationRequested();
        Usage += _engine.Usage;
        return [.. paths.Zip(completions, Join)];
    }

    /// <summary>Frees what the engine remembers.</summary>
    public void Dispose() => _prefixes.Dispose();

    private SearchPath Join(SearchPath path, Completion step)
    {
        int[] tokens = [.. path.Candidate.Tokens, .. step.Tokens];
        var text = ContinuationDecoder.Decode(_tokenizer, _promptTokens, tokens, skipSpecialTokens: true);
        return new SearchPath(
            new Candidate(text, tokens, [.. path.Candidate.LogProbs, .. step.LogProbs]),
            HasEnded: step.Reason == FinishReason.Stop || _promptTokens.Length + tokens.Length >= _context);
    }
}
