namespace Hone.Training.Recipes;

/// <summary>How much goes into a step.</summary>
public sealed record BatchOptions
{
    /// <summary>Rows of data that a step uses: examples in sft; pairs in dpo; prompts in grpo, each of which is
    /// answered <c>grpo.group_size</c> times.</summary>
    [Interval("[1, ∞)")]
    public int RowsPerStep { get; init; } = 16;

    /// <summary>The most tokens that go through the model at once. Smaller saves memory; the result is the
    /// same.</summary>
    [Interval("[2, ∞)")]
    public int TokensPerMicroBatch { get; init; } = 4096;
}
