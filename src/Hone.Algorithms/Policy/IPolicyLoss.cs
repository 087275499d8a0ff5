using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>The term that a policy-gradient method minimises at each sampled token.</summary>
public interface IPolicyLoss
{
    /// <summary>Whether the terms contain the sampler's weights already, so that nothing multiplies with them
    /// again.</summary>
    public bool ContainsSamplerWeights => false;

    /// <summary>Computes the term of each token under <paramref name="logProbs"/>, <c>[token]</c>.</summary>
    public PolicyTerms Compute(Tensor logProbs, RolloutTokens tokens);
}
