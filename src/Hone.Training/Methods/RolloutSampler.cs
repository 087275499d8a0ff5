using Hone.Models;
using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>Answers prompts with the weights that are trained.</summary>
internal sealed class RolloutSampler : IDisposable
{
    // Prompts share what comes before their questions; what is theirs alone is not worth memory while one trains.
    private const long PrefixBytes = 32L << 20;

    private readonly TrainingContext _context;
    private readonly GenerationEngine _engine;
    private readonly GenerationEngine _evaluationEngine;
    private readonly ModelFolder? _draft;
    private readonly SamplingOptions _sampling;

    /// <summary>Opens engines for rollouts and for evaluation.</summary>
    /// <exception cref="CheckpointException">The draft model cannot be used, or the model or its adapter not with few
    /// bits.</exception>
    public RolloutSampler(GrpoOptions options, TrainingContext context, DType compute)
    {
        _context = context;
        try
        {
            _draft = options.Speculation is DraftSpeculationOptions { Path: var path }
                ? ModelFolder.Load(path, compute, compute) : null;
            var (rollouts, evaluation) = Engines(options, context.Recipe.Evaluation.Weights, _draft?.Decoder);
            (_engine, _evaluationEngine) = (Engine(rollouts), Engine(evaluation));
            CheckAdapter(evaluation.Weights, compute);
        }
        catch
        {
            _draft?.Dispose();
            throw;
        }

        _sampling = new SamplingOptions
        {
            MaxNewTokens = options.MaxNewTokens,
            MinNewTokens = options.MinNewTokens,
            Temperature = options.Temperature,
            LogProbTemperature = options.Temperature, // as they are trained
            TopK = options.TopK,
            TopP = options.TopP,
            MinP = options.MinP,
            StopTokens = ValueList.Create<int>(context.StopTokens),
            StopStrings = ValueList.Create<string>([.. options.Stop]),
            Seed = (ulong)context.Recipe.Seed,
        };
    }

    /// <summary>The model that drafts answers; null: there is none.</summary>
    public Decoder? Draft => _draft?.Decoder;

    /// <summary>Answers each prompt several times; the answers to one prompt follow each other. The ranks divide the
    /// answers, and all get all of them.</summary>
    /// <param name="prompts">The prompts, whose places in the run are the addresses of their draws.</param>
    /// <param name="samples">Answers to each.</param>
    /// <param name="isEvaluation">Whether weights may be kept in few bits; what is trained on is sampled with the
    /// weights themselves.</param>
    /// <param name="progress">Hears the share of answers that have ended.</param>
    /// <param name="cancel">Calls it off.</param>
    public IReadOnlyList<Rollout> Sample(
        IReadOnlyList<AddressedPrompt> prompts, int samples, bool isEvaluation, Action<double> progress,
        CancellationToken cancel)
    {
        var engine = isEvaluation ? _evaluationEngine : _engine;
        GenerationRequest[] requests =
        [
            .. from prompt in prompts
               from sample in Enumerable.Range(0, samples)
               select new GenerationRequest(prompt.Prompt.Tokens, _sampling, (uint)prompt.Place, (uint)sample),
        ];
        var completions = _context.Team.Divide(
            WorkShares.Contiguous(requests.Length, _context.Team.Count),
            share => Complete(engine, [.. share.Select(i => requests[i])], progress, cancel),
            RankCodec.Write,
            RankCodec.ReadCompletion,
            cancel);
        return
        [
            .. completions.Select((completion, i) =>
            {
                var (place, prompt) = prompts[i / samples];
                var text = _context.Tokenizer.Decode(completion.Tokens, skipSpecialTokens: true);
                return new Rollout(place, i % samples, prompt.Row, prompt.Tokens, completion, text);
            }),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _draft?.Dispose();

    /// <summary>How the engine keeps weights that a recipe wants so.</summary>
    public static GenerationWeights ToWeights(WeightChoice weights) => weights switch
    {
        WeightChoice.Compute => GenerationWeights.Compute,
        WeightChoice.Int8 => GenerationWeights.Int8,
        WeightChoice.Int4 => GenerationWeights.Int4,
        _ => throw new ArgumentOutOfRangeException(nameof(weights), weights, "unknown weights"),
    };

    /// <summary>What the engines of rollouts and of evaluation are to do.</summary>
    /// <param name="options">How answers are sampled.</param>
    /// <param name="weights">How an evaluation keeps weights.</param>
    /// <param name="draft">The draft model, where the options name one.</param>
    public static (EngineOptions Rollouts, EngineOptions Evaluation) Engines(
        GrpoOptions options, WeightChoice weights, Decoder? draft)
    {
        Speculation? speculation = options.Speculation switch
        {
            null => null,
            LookupSpeculationOptions lookup => new Speculation.Lookup { DraftTokens = lookup.DraftTokens },
            DraftSpeculationOptions model => new Speculation.Draft(draft!)
            {
                DraftTokens = model.DraftTokens,
                Weights = ToWeights(model.Weights),
            },
            var other => throw new ArgumentOutOfRangeException(nameof(options), other, "unknown speculation"),
        };
        var engine = new EngineOptions { PrefixBytes = PrefixBytes, Speculation = speculation };
        return (engine, engine with { Weights = ToWeights(weights) });
    }

    private GenerationEngine Engine(EngineOptions options) => new(
        _context.Decoder, options, () => _context.Tokenizer.OpenStream(skipSpecialTokens: false).Append);

    // Now, not at the first evaluation.
    private void CheckAdapter(GenerationWeights weights, DType compute)
    {
        var adapter = GenerationPath.AdapterObstacles(_context.Decoder);
        var path = GenerationPath.Of(_context.Decoder.Config, compute, adapter, weights: weights);
        if (weights != GenerationWeights.Compute && !path.IsFused)
        {
            throw new CheckpointException($"evaluation.weights: {path.Reason}");
        }
    }

    private static Completion[] Complete(
        GenerationEngine engine, GenerationRequest[] requests, Action<double> progress, CancellationToken cancel)
    {
        var ended = 0;
        var events = new GenerationEvents { Ended = (_, _) => progress(++ended / (double)requests.Length) };
        return requests is [] ? [] : [.. engine.Run(requests, events, cancel)];
    }
}
