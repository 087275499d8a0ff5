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
    public static IReadOnlyList<PackedRow> Of(IReadOnlyList<TrainingExample> examples, int tokenBudget) =>
        Of(examples, new MicroBatchRules(tokenBudget));

    /// <summary>Packs the examples of a step, keeping together what belongs together.</summary>
    /// <param name="examples">All examples of the step; none is cut or left out.</param>
    /// <param name="rules">What decides.</param>
    /// <returns>Micro-batches, whose pieces name the examples by index.</returns>
    /// <exception cref="DataException">Examples that belong together are longer than the budget.</exception>
    public static IReadOnlyList<PackedRow> Of(IReadOnlyList<TrainingExample> examples, MicroBatchRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rules.TokenBudget);
        var blocks = PrefixBlock.Of(examples, rules);
        foreach (var block in blocks.Where(block => block.Cost > rules.TokenBudget))
        {
            var which = block.Count == 1
                ? $"example {block.First}" : $"examples {block.First} to {block.First + block.Count - 1}";
            throw new DataException($"{which} of the step must fit into a micro-batch of {rules.TokenBudget} tokens, "
                + $"got {block.Cost}; raise the micro-batch or lower the longest sequence");
        }

        var pieces = blocks.Select((block, i) => new PackedPiece(i, 0, block.Cost)).Where(piece => piece.Length > 0);
        return [.. BestFit.Pack(pieces, rules.TokenBudget).Select(
            bin => PackedRow.Of(examples, [.. bin.Select(piece => blocks[piece.Example])]))];
    }
}
