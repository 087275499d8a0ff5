using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>Drops the tokens of bad sequences that the policy would hardly sample any more.</summary>
/// <remarks>
/// DeepSeek-V3.2, arXiv:2512.02556, section 3.1: a sequence with a negative advantage counts only while the mean of log
/// π_old − log π over its tokens is at most δ.
/// </remarks>
public static class OffPolicyMask
{
    /// <summary>1 for each token that counts, 0 for the others, <c>[token]</c>, without gradient.</summary>
    /// <param name="logProbs">log π of each token, <c>[token]</c>.</param>
    /// <param name="tokens">The tokens; where the sampler's own log-probs are known, they stand for π_old.</param>
    /// <param name="threshold">δ.</param>
    public static Tensor Compute(Tensor logProbs, RolloutTokens tokens, double threshold)
    {
        using var scope = TensorScope.Open();
        var sampler = tokens.SamplerLogProbs ?? tokens.OldLogProbs;                 // [token]
        var divergence = tokens.Sequences.Mean(sampler - logProbs.Detach());        // [sequence]
        var near = tokens.Sequences.Spread(divergence).AtMost(threshold);           // [token]
        return scope.Keep(tokens.Advantages.AtLeast(0).Or(near).To(logProbs.DType)); // [token]
    }
}
