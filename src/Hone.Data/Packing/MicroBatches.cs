namespace Hone.Data;

/// <summary>Divides the examples of one optimizer step into packed rows that fit into memory.</summary>
/// <remarks>The set of examples is settled before; only their grouping depends on the budget, and every example stays
/// whole and a segment of its own. So loss and gradient are the same for every budget.</remarks>
public static class MicroBatches
{
    /// <summary>Packs the examples of a step.</summary>
    /// <param name="examples">All examples of the step; none is cut or left out.</param>
    /// <param name="tokenBudget">Tokens in a micro-batch, at most.</param>
    /// <returns>Micro-batches, whose pieces name the examples by index.</returns>
    /// <exception cref="DataException">An example alone is longer than the budget.</exception>
    public static IReadOnlyList<PackedRow> Of(IReadOnlyList<TrainingExample> examples, int tokenBudget)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokenBudget);
        foreach (var (i, example) in examples.Index())
        {
            if (example.Length > tokenBudget)
            {
                throw new DataException($"example {i} of the step must fit into a micro-batch of {tokenBudget} tokens, "
                    + $"got {example.Length}; raise the micro-batch or lower the longest sequence");
            }
        }

        return [.. Packer.Pack(examples, tokenBudget, PackingStrategy.BestFit, Math.Max(1, examples.Count))];
    }
}
