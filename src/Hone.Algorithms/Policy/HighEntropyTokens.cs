using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>Selects the tokens at which the policy was least certain: the forks of a chain of thought.</summary>
/// <remarks>Beyond the 80/20 rule, arXiv:2506.01939, eq. 5: only the top ρ of the tokens by entropy are learned
/// from.</remarks>
public static class HighEntropyTokens
{
    /// <summary>The entropy that the top <paramref name="share"/> of the tokens reach; −∞ for all of them.</summary>
    /// <param name="entropies">The entropies of all tokens of the step, <c>[token]</c>, in nats.</param>
    /// <param name="share">ρ, in (0, 1].</param>
    public static double Threshold(ReadOnlySpan<double> entropies, double share) =>
        share < 1 ? Quantile.Of(entropies, 1 - share) : double.NegativeInfinity;

    /// <summary>1 for each token of at least that entropy, 0 for the others, <c>[token]</c>, without
    /// gradient.</summary>
    public static Tensor Select(Tensor entropies, double threshold)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(entropies.Detach().AtLeast(threshold).To(entropies.DType)); // [token]
    }
}
