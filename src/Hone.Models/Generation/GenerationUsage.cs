namespace Hone.Models.Generation;

/// <summary>What a run computed: the ledger of its tokens.</summary>
/// <param name="PromptTokens">Tokens of prompts that went through the model; a shared prompt counts once.</param>
/// <param name="NewTokens">Tokens that were chosen.</param>
/// <param name="Passes">Forward passes.</param>
/// <param name="PeakPages">Cache pages that were held at once.</param>
/// <param name="LeakedPages">Cache pages that were still held at the end; always 0.</param>
public readonly record struct GenerationUsage(
    long PromptTokens, long NewTokens, int Passes, int PeakPages, int LeakedPages)
{
    /// <summary>Tokens of prompts that were in the cache already; a prompt that several requests share counts
    /// once.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Tokens of the prompts of all requests: what computing each by itself would take.</summary>
    public long RequestedTokens { get; init; }

    /// <summary>Chosen tokens that went through the model to predict the next ones, those of drafts left out.</summary>
    public long GrownTokens { get; init; }

    /// <summary>Tokens of drafts that went through the model to be checked.</summary>
    public long DraftedTokens { get; init; }

    /// <summary>Tokens of drafts that were right.</summary>
    public long AcceptedTokens { get; init; }

    /// <summary>Tokens that went through a draft model.</summary>
    public long DraftModelTokens { get; init; }

    /// <summary>The part of the drafts that was right, in [0, 1]; 0 where there were none.</summary>
    public double AcceptanceRate => DraftedTokens == 0 ? 0 : AcceptedTokens / (double)DraftedTokens;

    /// <summary>All tokens that went through the model.</summary>
    public long ComputedTokens => PromptTokens + GrownTokens + DraftedTokens + RecomputedTokens;

    /// <summary>What <see cref="ComputedTokens"/> would be if every request computed its own prompt as a
    /// whole.</summary>
    public long UnsharedTokens => RequestedTokens + GrownTokens + DraftedTokens;

    /// <summary>Completions that gave their pages to others and went on later.</summary>
    public int Preemptions { get; init; }

    /// <summary>Tokens of completions that were computed once more after that.</summary>
    public long RecomputedTokens { get; init; }

    /// <summary>What two runs computed together.</summary>
    public static GenerationUsage operator +(GenerationUsage a, GenerationUsage b) => new(
        a.PromptTokens + b.PromptTokens,
        a.NewTokens + b.NewTokens,
        a.Passes + b.Passes,
        Math.Max(a.PeakPages, b.PeakPages),
        a.LeakedPages + b.LeakedPages)
    {
        CachedTokens = a.CachedTokens + b.CachedTokens,
        RequestedTokens = a.RequestedTokens + b.RequestedTokens,
        GrownTokens = a.GrownTokens + b.GrownTokens,
        DraftedTokens = a.DraftedTokens + b.DraftedTokens,
        AcceptedTokens = a.AcceptedTokens + b.AcceptedTokens,
        DraftModelTokens = a.DraftModelTokens + b.DraftModelTokens,
        Preemptions = a.Preemptions + b.Preemptions,
        RecomputedTokens = a.RecomputedTokens + b.RecomputedTokens,
    };
}
