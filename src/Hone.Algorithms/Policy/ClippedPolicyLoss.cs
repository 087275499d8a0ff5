using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>The clipped policy-gradient term of each sampled token.</summary>
/// <remarks>
/// PPO, arXiv:1707.06347, eq. 7; with the group's advantages it is GRPO, arXiv:2402.03300, eq. 3. Asymmetric range as
/// in DAPO, arXiv:2503.14476, eq. 10. Upper bound δ on the ratio of tokens with a negative advantage as in INTELLECT-2,
/// arXiv:2505.07291. With a ratio of sequences it is GSPO, arXiv:2507.18071, eq. 5.
/// </remarks>
/// <param name="Clip">The range of the ratio.</param>
public sealed record ClippedPolicyLoss(ClipRange Clip) : IPolicyLoss
{
    /// <summary>δ, above which the ratio outside of the clip is cut; infinite for no bound.</summary>
    public double RatioBound { get; init; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public PolicyTerms Compute(Tensor logProbs, RolloutTokens tokens)
    {
        using var scope = TensorScope.Open();

        // lₜ = −min(min(ρₜ, δ)·A, clip(ρₜ, 1−ε⁻, 1+ε⁺)·A),   ρₜ = π(yₜ) / π_old(yₜ)
        var ratio = ImportanceRatio.Compute(logProbs, tokens);                      // [token]
        var bounded = ratio.ClampMax(RatioBound);                                   // [token]
        var unclipped = bounded * tokens.Advantages;                                // [token]
        var clipped = ratio.Clamp(1 - Clip.Low, 1 + Clip.High) * tokens.Advantages; // [token]
        var loss = -Tensor.Min(unclipped, clipped);                                 // [token]

        // Where the clip holds the token back: its gradient is 0.
        var tooLow = bounded.LessThan(1 - Clip.Low).And(tokens.Advantages.LessThan(0)); // [token]
        var tooHigh = bounded.GreaterThan(1 + Clip.High).And(tokens.Advantages.GreaterThan(0)); // [token]
        var low = scope.Keep(tokens.AtLevel(tooLow.To(DType.Float64)));             // [token] or [sequence]
        var high = scope.Keep(tokens.AtLevel(tooHigh.To(DType.Float64)));           // [token] or [sequence]
        var either = scope.Keep(tokens.AtLevel(tooLow.Or(tooHigh).To(DType.Float64))); // [token] or [sequence]
        return new PolicyTerms(
            scope.Keep(loss),
            new PolicyMetric("clip_ratio/low_mean", low, tokens.Ratio),
            new PolicyMetric("clip_ratio/low_min", low, tokens.Ratio) { Statistic = Statistic.Lowest },
            new PolicyMetric("clip_ratio/high_mean", high, tokens.Ratio),
            new PolicyMetric("clip_ratio/high_max", high, tokens.Ratio) { Statistic = Statistic.Highest },
            new PolicyMetric("clip_ratio/region_mean", either, tokens.Ratio));
    }
}
