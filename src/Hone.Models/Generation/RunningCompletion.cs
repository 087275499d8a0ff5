using Hone.Models.Adapters;
using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Generation;

/// <summary>A completion that grows.</summary>
/// <param name="index">The request's place in the list.</param>
/// <param name="request">What was asked for.</param>
/// <param name="row">Its pages.</param>
/// <param name="limit">New tokens after which it ends by length.</param>
/// <param name="nextText">Gives the text that each further token adds; needed for stop strings only.</param>
internal sealed class RunningCompletion(
    int index, GenerationRequest request, CacheRow row, int limit, Func<int, string>? nextText)
{
    private readonly CounterRandom _random = new(request.Options.Seed, RandomPurpose.Sampling);
    private readonly List<int> _tokens = [.. request.Prompt];
    private readonly List<float> _logProbs = [];
    private readonly StopStrings _stopStrings = new(request.Options.StopStrings);
    private int[] _draft = [];
    private int _sinceDraft;

    /// <summary>The request's place in the list.</summary>
    public int Index => index;

    /// <summary>Its pages.</summary>
    public CacheRow Row => row;

    /// <summary>The adapters that it is generated with.</summary>
    public AdapterCombination Adapters { get; init; } = AdapterCombination.None;

    /// <summary>Why it has ended, or null.</summary>
    public FinishReason? Reason { get; private set; }

    /// <summary>Whether its pages can serve others that begin alike.</summary>
    public required bool IsShareable { get; init; }

    /// <summary>Its place among all that started.</summary>
    public int Order { get; set; }

    /// <summary>Pages that more of its tokens need.</summary>
    public int PagesFor(int count) => row.PagesFor(count + (row.Length == 0 ? Adapters.VirtualTokens : 0));

    /// <summary>Prompt and new tokens.</summary>
    public ReadOnlySpan<int> Tokens => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Tokens that are not in the cache yet.</summary>
    public ReadOnlySpan<int> Uncached => Tokens[Math.Max(0, row.Length - Adapters.VirtualTokens)..];

    /// <summary>Prompt and new tokens, and those that adapters put before them.</summary>
    public int Length => Adapters.VirtualTokens + _tokens.Count;

    private int NewTokens => _logProbs.Count;

    /// <summary>How its tokens are chosen.</summary>
    public SamplingOptions Options => request.Options;

    /// <summary>A guess of the next tokens.</summary>
    public IReadOnlyList<int> Draft => _draft;

    /// <summary>How many tokens a draft may have: the last token that it can grow to needs no guess.</summary>
    public int DraftLimit(int most) => Math.Min(most, limit - NewTokens - 1);

    /// <summary>Takes a guess of the next tokens in the place of the one before.</summary>
    public void Propose(int[] draft) => (_draft, _sinceDraft) = (draft, 0);

    /// <summary>Prompt, new tokens and the draft.</summary>
    public int[] TextWithDraft() => [.. _tokens, .. _draft];

    /// <summary>Whether what was chosen after so many tokens of the draft is the next token: those tokens were right,
    /// and none was the last.</summary>
    public bool Wants(int ahead) =>
        Reason is null && (ahead == 0 || (_sinceDraft == ahead && _tokens[^1] == _draft[ahead - 1]));

    /// <summary>Ends the draft; what was stored of it beyond the tokens is let go.</summary>
    /// <returns>Its tokens, and how many of them were right.</returns>
    public (int Drafted, int Right) Settle()
    {
        var result = (_draft.Length, _draft.AsSpan().CommonPrefixLength(Tokens[^_sinceDraft..]));
        row.Truncate(Math.Min(row.Length, Length - 1));
        Propose([]);
        return result;
    }

    /// <summary>Asks a kernel for the token after some tokens of the draft.</summary>
    /// <param name="choices">What the kernel is asked.</param>
    /// <param name="row">The row of logits that predicts it.</param>
    /// <param name="ahead">How many tokens of the draft come before it.</param>
    public void AddTo(TokenChoices choices, int row, int ahead)
    {
        var options = request.Options;
        var looksBack = options.RepetitionPenalty != 1 || options.FrequencyPenalty != 0 || options.PresencePenalty != 0;
        var choice = new TokenChoice(row)
        {
            RepetitionPenalty = options.RepetitionPenalty,
            FrequencyPenalty = options.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty,
            Temperature = options.Temperature,
            LogProbTemperature = options.LogProbTemperature,
            TopK = options.TopK,
            TopP = options.TopP,
            MinP = options.MinP,
            Uniform = Uniform(ahead),
        };
        var text = !looksBack ? [] : ahead == 0 ? Tokens : [.. Tokens, .. _draft[..ahead]];
        int[] banned =
            [.. options.Suppressed, .. NewTokens + ahead < options.MinNewTokens ? options.StopTokens : []];
        choices.Add(choice, text, looksBack ? request.Prompt.Length : 0, banned);
    }

    /// <summary>Chooses the next token.</summary>
    public SampledToken Sample(TokenSampler sampler, ReadOnlySpan<float> logits) =>
        sampler.Sample(logits, request.Options, new SampledText(Tokens, request.Prompt.Length), Uniform(ahead: 0));

    /// <summary>Takes the next token and sees whether it is the last.</summary>
    public void Accept(SampledToken chosen)
    {
        _tokens.Add(chosen.Id);
        _logProbs.Add(chosen.LogProb);
        _sinceDraft++;
        var stopped = request.Options.StopTokens.Contains(chosen.Id)
            || (nextText is not null && _stopStrings.Append(nextText(chosen.Id)));
        Reason = (stopped, NewTokens >= limit) switch
        {
            (true, _) => FinishReason.Stop,
            (_, true) => FinishReason.Length,
            _ => null,
        };
    }

    /// <summary>What has been generated.</summary>
    public Completion Result(long weightVersion) =>
        new([.. _tokens[request.Prompt.Length..]], [.. _logProbs], Reason ?? FinishReason.Abort, weightVersion);

    private double Uniform(int ahead) => request.Options.IsGreedy
        ? 0
        : _random.Uniform(request.Step, request.PromptIndex, request.SampleIndex, (uint)(NewTokens + ahead));
}
