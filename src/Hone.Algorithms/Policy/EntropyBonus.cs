using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>Pays the policy for staying uncertain.</summary>
/// <remarks>A3C, arXiv:1602.01783, section 4: −c·H(π(·|sₜ)) is added to the loss. It is reduced as a mean over the
/// tokens kept.</remarks>
public static class EntropyBonus
{
    /// <summary>The term of each token, <c>[token]</c>, with gradient.</summary>
    /// <param name="entropies">H at each token, <c>[token]</c>, in nats.</param>
    /// <param name="tokens">The tokens; those not kept get no bonus.</param>
    /// <param name="coefficient">c.</param>
    public static Tensor Compute(Tensor entropies, RolloutTokens tokens, double coefficient)
    {
        using var scope = TensorScope.Open();
        var bonus = entropies * -coefficient;                                       // [token]
        return scope.Keep(tokens.Kept is { } kept ? bonus * kept : bonus);          // [token]
    }
}
