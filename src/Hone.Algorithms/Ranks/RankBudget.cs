namespace Hone.Algorithms.Ranks;

/// <summary>How many ranks all matrices together may have at each step, and when ranks are pruned.</summary>
/// <remarks>AdaLoRA, arXiv:2303.10512, eq. 12: a cubic way down between a warm-up and a final phase.</remarks>
public sealed record RankBudget
{
    /// <summary>Ranks at first, of all matrices together.</summary>
    public required int Initial { get; init; }

    /// <summary>Ranks in the end, of all matrices together.</summary>
    public required int Target { get; init; }

    /// <summary>Steps before the first pruning.</summary>
    public required long WarmUp { get; init; }

    /// <summary>Steps at the end, in which the ranks stay.</summary>
    public required long Final { get; init; }

    /// <summary>Steps from one pruning to the next.</summary>
    public required long Interval { get; init; }

    /// <summary>Steps in all.</summary>
    public required long Total { get; init; }

    /// <summary>The step, from 0, after which the ranks stay as they are.</summary>
    public long Settled => Total - Final;

    /// <summary>The budget after a step, and whether ranks are pruned to it.</summary>
    /// <param name="step">The step, from 0.</param>
    public (int Ranks, bool Prunes) At(long step)
    {
        if (step <= WarmUp)
        {
            return (Initial, step == Settled);
        }

        if (step > Settled)
        {
            return (Target, true);
        }

        // b = b₁ + (b₀ − b₁)·(1 − (t − tᵢ)/(T − t_f − tᵢ))³
        var left = 1 - ((step - WarmUp) / (double)(Settled - WarmUp));
        var ranks = (int)(((Initial - Target) * left * left * left) + Target);
        return (ranks, step % Interval == 0 || step == Settled);
    }
}
