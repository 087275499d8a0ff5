using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>Answers prompts with the weights that are trained.</summary>
internal sealed class RolloutSampler
{
    // Prompts share what comes before their questions; what is theirs alone is not worth memory while one trains.
    private const long PrefixBytes = 32L << 20;

    private readonly TrainingContext _context;
    private readonly GenerationEngine _engine;
    private readonly SamplingOptions _sampling;

    public RolloutSampler(GrpoOptions options, TrainingContext context)
    {
        _context = context;
        _engine = new GenerationEngine(
            context.Decoder,
            new EngineOptions { PrefixBytes = PrefixBytes },
            () => context.Tokenizer.OpenStream(skipSpecialTokens: false).Append);
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

    /// <summary>Answers each prompt several times; the answers to one prompt follow each other. The ranks divide the
    /// answers, and all get all of them.</summary>
    /// <param name="prompts">The prompts, whose places in the run are the addresses of their draws.</param>
    /// <param name="samples">Answers to each.</param>
    /// <param name="progress">Hears the share of answers that have ended.</param>
    /// <param name="cancel">Calls it off.</param>
    public IReadOnlyList<Rollout> Sample(
        IReadOnlyList<AddressedPrompt> prompts, int samples, Action<double> progress, CancellationToken cancel)
    {
        GenerationRequest[] requests =
        [
            .. from prompt in prompts
               from sample in Enumerable.Range(0, samples)
               select new GenerationRequest(prompt.Prompt.Tokens, _sampling, (uint)prompt.Place, (uint)sample),
        ];
        var completions = _context.Team.Divide(
            WorkShares.Contiguous(requests.Length, _context.Team.Count),
            share => Complete([.. share.Select(i => requests[i])], progress, cancel),
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

    private Completion[] Complete(
        GenerationRequest[] requests, Action<double> progress, CancellationToken cancel)
    {
        var ended = 0;
        var events = new GenerationEvents { Ended = (_, _) => progress(++ended / (double)requests.Length) };
        return requests is [] ? [] : [.. _engine.Run(requests, events, cancel)];
    }
}
