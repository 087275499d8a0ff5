namespace Hone.Algorithms.Ranks;

/// <summary>Prunes ranks step by step: by importance until they are settled, then they stay.</summary>
/// <remarks>AdaLoRA, arXiv:2303.10512, algorithm 1.</remarks>
/// <param name="allocator">Measures and prunes.</param>
/// <param name="budget">Says how many ranks may be left when.</param>
public sealed class RankPruning(RankAllocator allocator, RankBudget budget)
{
    /// <summary>For each matrix, for each of its ranks, whether it is left; null before the first pruning.</summary>
    public IReadOnlyList<bool[]>? Kept { get; private set; }

    /// <summary>Goes on with what was kept when a run was saved.</summary>
    /// <param name="kept">What <see cref="Kept"/> was.</param>
    public void Restore(IReadOnlyList<bool[]>? kept) => Kept = kept;

    /// <summary>Does what is due after an update, while its gradients are still there.</summary>
    /// <param name="step">The update, from 0.</param>
    /// <param name="gradientFactor">What gradients were multiplied by in the update.</param>
    public void AfterStep(long step, double gradientFactor = 1)
    {
        if (step < budget.Settled)
        {
            allocator.Observe(gradientFactor);
        }

        if (step > budget.Settled && Kept is not null)
        {
            allocator.Keep(Kept); // decay and momentum move what was set to 0
        }
        else if (budget.At(step) is (var ranks, true))
        {
            Kept = allocator.Prune(ranks);
        }
    }
}
