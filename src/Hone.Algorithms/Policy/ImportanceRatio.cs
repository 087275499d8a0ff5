using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>How much likelier the policy makes a token than the policy that sampled it.</summary>
/// <remarks>Token: PPO, arXiv:1707.06347, section 3. Sequence: GSPO, arXiv:2507.18071, eq. 7.</remarks>
public static class ImportanceRatio
{
    /// <summary>The ratio of each token, <c>[token]</c>, with gradient.</summary>
    public static Tensor Compute(Tensor logProbs, RolloutTokens tokens)
    {
        using var scope = TensorScope.Open();
        var difference = logProbs - tokens.OldLogProbs;                             // [token]
        return scope.Keep(tokens.Ratio switch
        {
            // ρₜ = π(yₜ) / π_old(yₜ)
            RatioLevel.Token => difference.Exp(),                                   // [token]

            // s = (π(y) / π_old(y))^(1/|y|)
            RatioLevel.Sequence => tokens.Sequences.Spread(tokens.Sequences.Mean(difference).Exp()), // [token]
            _ => throw new InvalidOperationException($"there is no ratio of a {tokens.Ratio}"),
        });
    }
}
