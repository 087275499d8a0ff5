namespace Hone.Data;

/// <summary>What decides how the examples of an optimizer step are divided.</summary>
/// <param name="TokenBudget">Tokens in a micro-batch, at most.</param>
public sealed record MicroBatchRules(int TokenBudget)
{
    /// <summary>How many examples that follow each other must meet in one micro-batch; their number must divide that of
    /// the examples.</summary>
    public int Together { get; init; } = 1;

    /// <summary>From how many tokens on a beginning that several neighbours have in common, none of it trained, is put
    /// into the row once; 0 for never.</summary>
    public int LeastShared { get; init; }
}
