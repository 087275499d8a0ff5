using Hone.Models.Adapters;
using Hone.Torch.Random;

namespace Hone.Models.Generation;

/// <summary>A completion that grows.</summary>
/// <param name="index">The request's place in the list.</param>
/// <param name="request">What was asked for.</param>
/// <param name="row">Its pages.</param>
/// <param name="limit">New tokens after which it ends by length.</param>
/// <param name="nextText">Gives the text that each further token adds; needed for stop strings only.</param>
internal sealed class RunningCompletion(int index, GenerationRequest request, CacheRow row, int limit, Func<int, string>? nextText)
{
    private readonly CounterRandom _random = new(request.Options.Seed, RandomPurpose.Sampling);
    private readonly List<int> _tokens = [.. request.Prompt];
    private readonly List<float> _logProbs = [];
    private readonly StopStrings _stopStrings = new(request.Options.StopStrings);

    /// <summary>The request's place in the list.</summary>
    public int Index => index;

    /// <summary>Its pages.</summary>
    public CacheRow Row => row;

    /// <summary>The adapters that it is generated with.</summary>
    public AdapterCombination Adapters { get; init; } = AdapterCombination.None;

    /// <summary>Why it has ended, or null.</summary>
    public FinishReason? Reason { get; private set; }

    /// <summary>Pages that are set aside for it and not taken yet are counted against this.</summary>
    public required int ReservedPages { get; init; }

    /// <summary>Tokens that are not in the cache yet.</summary>
    public ReadOnlySpan<int> Uncached => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens)[Math.Max(0, row.Length - Adapters.VirtualTokens)..];

    /// <summary>Prompt and new tokens, and those that adapters put before them.</summary>
    public int Length => Adapters.VirtualTokens + _tokens.Count;

    private int NewTokens => _logProbs.Count;

    /// <summary>Chooses the next token and sees whether it is the last.</summary>
    public SampledToken Choose(TokenSampler sampler, ReadOnlySpan<float> logits)
    {
        var options = request.Options;
        var uniform = options.IsGreedy ? 0 : _random.Uniform(request.Step, request.PromptIndex, request.SampleIndex, (uint)NewTokens);
        var text = new SampledText(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens), request.Prompt.Length);
        var chosen = sampler.Sample(logits, options, text, uniform);
        _tokens.Add(chosen.Id);
        _logProbs.Add(chosen.LogProb);
        var stopped = options.StopTokens.Contains(chosen.Id) || (nextText is not null && _stopStrings.Append(nextText(chosen.Id)));
        Reason = (stopped, NewTokens >= limit) switch
        {
            (true, _) => FinishReason.Stop,
            (_, true) => FinishReason.Length,
            _ => null,
        };
        return chosen;
    }

    /// <summary>What has been generated.</summary>
    public Completion Result(long weightVersion) =>
        new([.. _tokens[request.Prompt.Length..]], [.. _logProbs], Reason ?? FinishReason.Abort, weightVersion);
}
