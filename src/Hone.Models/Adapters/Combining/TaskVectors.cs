using Hone.Torch;

namespace Hone.Models.Adapters.Combining;

/// <summary>Sums of what several adapters, or models, have learnt.</summary>
internal static class TaskVectors
{
    /// <summary>The weighted sum: Σ wᵢ·Tᵢ.</summary>
    /// <param name="tensors">Tᵢ, all of one shape.</param>
    /// <param name="weights">wᵢ.</param>
    public static Tensor Sum(IReadOnlyList<Tensor> tensors, IReadOnlyList<double> weights) =>
        tensors.Zip(weights, (tensor, weight) => tensor * weight).Aggregate((sum, next) => sum + next);

    /// <summary>Keeps a share of the numbers, the largest by magnitude, and makes the others 0.</summary>
    /// <param name="tensor">The numbers.</param>
    /// <param name="density">The share, in (0, 1].</param>
    public static Tensor Prune(Tensor tensor, double density)
    {
        var flat = tensor.Reshape(-1);
        var kept = (int)(density * flat.Count);
        if (kept == flat.Count)
        {
            return tensor;
        }

        var places = flat.Abs().TopK(kept).Indices;
        var mask = flat.ZerosLike().IndexCopy(0, places, flat.IndexSelect(0, places));
        return mask.Reshape(tensor.Shape);
    }

    /// <summary>The weighted mean of those numbers whose sign is the majority's, over as many as there are.</summary>
    /// <remarks>TIES-merging, arXiv:2306.01708, algorithm 1, steps 2 and 3; the reference divides by the number of
    /// agreeing signs, not by the sum of weights, and so does this.</remarks>
    /// <param name="tensors">What is merged, pruned already.</param>
    /// <param name="weights">The weight of each.</param>
    /// <param name="byMagnitude">Whether votes count as much as the numbers; else each counts one.</param>
    public static Tensor Elect(IReadOnlyList<Tensor> tensors, IReadOnlyList<double> weights, bool byMagnitude)
    {
        // γ = sgn(Σ Tᵢ) or sgn(Σ sgn Tᵢ), with sgn 0 = 1;   Σ wᵢ·Tᵢ·[sgn Tᵢ = γ] / max(1, Σ [sgn Tᵢ = γ])
        var votes = byMagnitude ? tensors : [.. tensors.Select(tensor => tensor.Sign())];
        var against = Sum(votes, [.. votes.Select(_ => 1.0)]).ClampMax(0).Sign();     // −1 or 0
        var majority = (against * 2) + 1;                                             // −1 or 1
        var agreeing = tensors.Select(tensor => (tensor.Sign() * majority).ClampMin(0)).ToList(); // 1 where they agree
        var counts = agreeing.Aggregate((sum, next) => sum + next).ClampMin(1);
        return Sum([.. tensors.Zip(agreeing, (tensor, agrees) => tensor * agrees)], weights) / counts;
    }
}
