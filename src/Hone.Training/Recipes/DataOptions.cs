using Hone.Data;

namespace Hone.Training.Recipes;

/// <summary>The rows of a run, and how they become tokens.</summary>
public sealed record DataOptions
{
    /// <summary>The rows to train on.</summary>
    public required DataSourceOptions Train { get; init; }

    /// <summary>The rows to evaluate on; without them nothing is evaluated.</summary>
    public DataSourceOptions? Eval { get; init; }

    /// <summary>The most tokens of one row, prompt and completion together.</summary>
    [Interval("[2, ∞)")]
    public int MaxLength { get; init; } = 512;

    /// <summary>What happens to rows that have more tokens. One that is left without a token to train is left
    /// out.</summary>
    public LongExamples LongRows { get; init; } = LongExamples.CutEnd;

    /// <summary>Whether the rows of each epoch are taken in an order drawn from the seed, or in that of the
    /// file.</summary>
    public bool Shuffle { get; init; } = true;
}
