using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>What a policy loss knows of the sampled tokens besides the policy itself.</summary>
/// <param name="OldLogProbs">log π_old of each token, <c>[token]</c>, without gradient.</param>
/// <param name="Advantages">The advantage of each token, <c>[token]</c>.</param>
/// <param name="Sequences">The sequences of the tokens.</param>
public sealed record RolloutTokens(Tensor OldLogProbs, Tensor Advantages, Sequences Sequences)
{
    /// <summary>Whether the probability ratio is the token's own or its sequence's.</summary>
    public RatioLevel Ratio { get; init; } = RatioLevel.Token;

    /// <summary>log π_ref of each token, <c>[token]</c>; none where no divergence is asked for.</summary>
    public Tensor? ReferenceLogProbs { get; init; }

    /// <summary>log μ of each token under the engine that sampled it, <c>[token]</c>; none where it is π_old.</summary>
    public Tensor? SamplerLogProbs { get; init; }

    /// <summary>π_old/μ of each token as <see cref="SamplerCorrection"/> bounds it, <c>[token]</c>; none where it is
    /// 1.</summary>
    public Tensor? SamplerWeights { get; init; }

    /// <summary>Whether a weight of <see cref="SamplerWeights"/> is the token's own or its sequence's.</summary>
    public RatioLevel SamplerLevel { get; init; } = RatioLevel.Token;

    /// <summary>1 for each token whose term counts, 0 for the others, <c>[token]</c>; none where all do. See
    /// <see cref="HighEntropyTokens"/>.</summary>
    public Tensor? Kept { get; init; }

    /// <summary>A quantity of the ratio at its own level: <c>[token]</c> as it is, or its mean over each sequence,
    /// <c>[sequence]</c>.</summary>
    internal Tensor AtLevel(Tensor values) => Ratio == RatioLevel.Token ? values : Sequences.Mean(values);
}
