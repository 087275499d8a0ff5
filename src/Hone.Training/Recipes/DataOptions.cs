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

    /// <summary>What happens to longer rows.</summary>
    public LongRows LongRows { get; init; } = LongRows.Cut;

    /// <summary>How rows are put together into micro-batches. What is learnt does not depend on it.</summary>
    public PackingChoice Packing { get; init; } = PackingChoice.BestFit;

    /// <summary>Whether the rows of each epoch are taken in an order drawn from the seed, or in that of the file.</summary>
    public bool Shuffle { get; init; } = true;
}

/// <summary>What happens to a row that has more tokens than fit.</summary>
public enum LongRows
{
    /// <summary>Its end is cut off.</summary>
    Cut,

    /// <summary>It is made several rows.</summary>
    Split,

    /// <summary>It is left out.</summary>
    Drop,

    /// <summary>It is refused, and the run with it.</summary>
    Refuse,
}

/// <summary>How rows are put together into micro-batches.</summary>
public enum PackingChoice
{
    /// <summary>The longest first, each where it leaves the least room: the fewest micro-batches.</summary>
    BestFit,

    /// <summary>In their order, until the next one does not fit.</summary>
    InOrder,
}
