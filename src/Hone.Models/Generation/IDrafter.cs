namespace Hone.Models.Generation;

/// <summary>Guesses how completions go on.</summary>
internal interface IDrafter : IDisposable
{
    /// <summary>Tokens that went through a draft model.</summary>
    public long ComputedTokens { get; }

    /// <summary>Gives completions drafts of their next tokens.</summary>
    /// <param name="completions">Those that grow, all of their tokens but the last in the cache.</param>
    public void Draft(IReadOnlyList<RunningCompletion> completions);
}
