using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>How likely the policy itself would be to give both answers of a pair: pairs of answers that are not its own
/// count less.</summary>
/// <remarks>WPO, arXiv:2406.11827, eq. 4 and 6: w(y) = exp(1/|y| Σₜ log π(yₜ) − log Σ_v π(v)²), without gradient; the
/// weight of a pair is w(chosen)·w(rejected).</remarks>
public static class PairWeights
{
    /// <summary>The weight of each pair, <c>[pair]</c>.</summary>
    /// <param name="logProbs">log π of each token, <c>[token]</c>.</param>
    /// <param name="logSumSquares">log Σ_v π(v)² at each token, <c>[token]</c>.</param>
    /// <param name="sequences">The answers, each chosen one before its rejected one.</param>
    public static Tensor Compute(Tensor logProbs, Tensor logSumSquares, Sequences sequences)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var answers = sequences.Mean(logProbs.Detach() - logSumSquares);            // [sequence]
        var pairs = answers.View(answers.Count / 2, 2);                             // [pair, 2]
        return scope.Keep(pairs.Sum(-1).Exp());                                     // [pair]
    }
}
