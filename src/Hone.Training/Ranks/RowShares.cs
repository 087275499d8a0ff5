using Hone.Data;

namespace Hone.Training.Ranks;

/// <summary>Divides the examples of an update among ranks by the tokens that are computed for them.</summary>
public static class RowShares
{
    /// <summary>Finds the shares; what belongs together stays so.</summary>
    /// <remarks>Neighbours that share a beginning, as the answers of a group do, cost less on one rank than on several,
    /// but as one piece they are harder to divide evenly. Both divisions are tried, and the one whose fullest rank
    /// has less to compute is taken.</remarks>
    /// <param name="examples">The examples.</param>
    /// <param name="rules">How they are packed into micro-batches.</param>
    /// <param name="ranks">Ranks.</param>
    /// <returns>The examples of each rank by index, ascending.</returns>
    public static int[][] Of(IReadOnlyList<TrainingExample> examples, MicroBatchRules rules, int ranks)
    {
        var apart = Divide(PrefixBlock.Of(examples, rules with { LeastShared = 0 }), ranks);
        if (ranks == 1 || rules.LeastShared == 0)
        {
            return apart;
        }

        var joined = Divide(PrefixBlock.Of(examples, rules), ranks);
        return Most(joined) < Most(apart) ? joined : apart;

        long Most(int[][] shares) => shares.Max(share =>
            PrefixBlock.Of([.. share.Select(i => examples[i])], rules).Sum(block => (long)block.Cost));
    }

    private static int[][] Divide(IReadOnlyList<PrefixBlock> blocks, int ranks) =>
    [
        .. WorkShares.Balanced([.. blocks.Select(block => (long)block.Cost)], ranks).Select(
            share => share.SelectMany(block => blocks[block].Examples).ToArray()),
    ];
}
