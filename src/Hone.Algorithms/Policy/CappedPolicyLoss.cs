using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>REINFORCE with a capped importance weight: every token keeps its gradient, however far it has
/// moved.</summary>
/// <remarks>
/// CISPO of MiniMax-M1, arXiv:2506.13585, eq. 4 and 5. What we changed: no lower bound of the weight, as in the paper's
/// runs, and the cap is the weight itself, not 1 + ε.
/// </remarks>
/// <param name="Cap">The largest weight. The paper's range is 1 + ε⁺; a value under 1 weighs nearly every token
/// alike.</param>
public sealed record CappedPolicyLoss(double Cap) : IPolicyLoss
{
    /// <inheritdoc/>
    public PolicyTerms Compute(Tensor logProbs, RolloutTokens tokens)
    {
        using var scope = TensorScope.Open();

        // lₜ = −sg(min(ρₜ, c))·A·log π(yₜ)
        var ratio = ImportanceRatio.Compute(logProbs.Detach(), tokens);             // [token]
        var loss = -(ratio.ClampMax(Cap) * tokens.Advantages * logProbs);           // [token]
        var capped = ratio.GreaterThan(Cap).And(tokens.Advantages.GreaterThan(0));  // [token]
        var capping = scope.Keep(tokens.AtLevel(capped.To(DType.Float64)));         // [token] or [sequence]
        return new PolicyTerms(scope.Keep(loss), new PolicyMetric("cispo_clip_ratio", capping, tokens.Ratio));
    }
}
