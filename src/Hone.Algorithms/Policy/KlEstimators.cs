using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>The formulas of <see cref="KlEstimator"/>.</summary>
public static class KlEstimators
{
    /// <summary>The estimate at each token, <c>[token]</c>, with gradient.</summary>
    /// <param name="estimator">Which estimate.</param>
    /// <param name="logProbs">log π of each token, <c>[token]</c>.</param>
    /// <param name="reference">log π_ref of each token, <c>[token]</c>.</param>
    public static Tensor Compute(this KlEstimator estimator, Tensor logProbs, Tensor reference)
    {
        using var scope = TensorScope.Open();
        var x = reference - logProbs;                                               // [token]
        return scope.Keep(estimator switch
        {
            KlEstimator.K1 => -x,                                                   // [token]
            KlEstimator.K2 => x * x * 0.5,                                          // [token]
            KlEstimator.K3 => x.Exp() - x - 1,                                      // [token]
            _ => throw new InvalidOperationException($"there is no estimator {estimator}"),
        });
    }
}
