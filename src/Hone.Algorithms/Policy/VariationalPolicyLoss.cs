using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>REINFORCE whose weight is a smooth function of the ratio of the whole sequence.</summary>
/// <remarks>
/// VESPO, arXiv:2602.10693: the weight φ(w) = e^λ·wᵏ·e^(−λw) of w = π(y)/μ(y). What we changed: log ratios of tokens
/// are held in ±20 and log w in [log 10⁻⁸, 20], so that a single absurd token cannot make the weight infinite.
/// </remarks>
/// <param name="Positive">φ of sequences with an advantage of 0 or more.</param>
/// <param name="Negative">φ of the others.</param>
public sealed record VariationalPolicyLoss(GammaWeight Positive, GammaWeight Negative) : IPolicyLoss
{
    private const double LargestLog = 20;
    private const double SmallestRate = 1e-4;
    private static readonly double SmallestLog = Math.Log(1e-8);

    /// <inheritdoc/>
    public bool ContainsSamplerWeights => true;

    /// <inheritdoc/>
    public PolicyTerms Compute(Tensor logProbs, RolloutTokens tokens)
    {
        using var scope = TensorScope.Open();

        // log w = Σₜ log π(yₜ)/π_old(yₜ) + Σₜ log π_old(yₜ)/μ(yₜ)
        var difference = logProbs.Detach() - tokens.OldLogProbs;                    // [token]
        var logRatio = tokens.Sequences.Sum(difference.Clamp(-LargestLog, LargestLog)); // [sequence]
        if (tokens.SamplerWeights is { } weights)
        {
            var logWeights = weights.Log().Clamp(SmallestLog, LargestLog);          // [token]
            logRatio += tokens.SamplerLevel == RatioLevel.Token
                ? tokens.Sequences.Sum(logWeights)                                  // [sequence]
                : tokens.Sequences.Mean(logWeights);                                // [sequence]
        }

        // lₜ = −sg(φ(w))·A·log π(yₜ)
        var logWeight = tokens.Sequences.Spread(logRatio.Clamp(SmallestLog, LargestLog)); // [token]
        var shape = Tensor.Where(
            tokens.Advantages.AtLeast(0), Shape(logWeight, Positive), Shape(logWeight, Negative)); // [token]
        var loss = -(shape * tokens.Advantages * logProbs);                         // [token]
        var mean = tokens.Sequences.Mean(shape - 1) + 1;                            // [sequence], 1 for an empty one
        return new PolicyTerms(
            scope.Keep(loss), new PolicyMetric("vespo/phi_seq_mean", scope.Keep(mean), RatioLevel.Sequence));
    }

    private static Tensor Shape(Tensor logWeight, GammaWeight weight)
    {
        // φ = exp(λ + k·log w − λ·w)
        var rate = Math.Max(SmallestRate, weight.Rate);
        return (logWeight * weight.Power - logWeight.Exp() * rate + rate).Exp();    // [token]
    }
}
