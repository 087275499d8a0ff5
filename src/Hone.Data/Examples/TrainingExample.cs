namespace Hone.Data;

/// <summary>One sequence to learn, as tokens.</summary>
/// <param name="Tokens">The token ids.</param>
/// <param name="Trained">Whether each token is a target, <c>[token]</c>. The first never is: nothing stands before
/// it.</param>
public sealed record TrainingExample(int[] Tokens, bool[] Trained)
{
    /// <summary>What about its targets is most likely not meant, in words; null for nothing.</summary>
    public string? Doubt { get; init; }

    /// <summary>How many tokens it has.</summary>
    public int Length => Tokens.Length;

    /// <summary>How many of its tokens are targets.</summary>
    public int TrainedTokens => Trained.AsSpan().Count(true);
}
