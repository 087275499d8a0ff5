using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>A policy loss with everything that may be put around it: masks, sampler weights, divergence from a
/// reference.</summary>
/// <remarks>
/// The terms stay per token; <see cref="Aggregation"/> reduces them. The divergence is GRPO's, arXiv:2402.03300, eq. 3
/// and 4; times the ratio it is unbiased off-policy too, DeepSeek-V3.2, arXiv:2512.02556, section 3.1.
/// </remarks>
/// <param name="Loss">The policy loss.</param>
public sealed record PolicyObjective(IPolicyLoss Loss)
{
    /// <summary>β, the weight of the divergence from the reference; 0 needs no reference.</summary>
    public double KlWeight { get; init; }

    /// <summary>The estimate of the divergence.</summary>
    public KlEstimator Kl { get; init; } = KlEstimator.K3;

    /// <summary>Whether the divergence is multiplied with the ratio, which corrects it for off-policy
    /// samples.</summary>
    public bool CorrectKl { get; init; } = true;

    /// <summary>δ of <see cref="OffPolicyMask"/>; infinite keeps every token.</summary>
    public double OffPolicyThreshold { get; init; } = double.PositiveInfinity;

    /// <summary>Computes the term of each token under <paramref name="logProbs"/>, <c>[token]</c>.</summary>
    /// <exception cref="ArgumentException">A divergence is asked for and the tokens have no reference.</exception>
    public PolicyTerms Compute(Tensor logProbs, RolloutTokens tokens)
    {
        using var scope = TensorScope.Open();

        // lₜ = keepₜ·wₜ·lₜ(policy) + β·ρₜ·KLₜ
        var terms = Loss.Compute(logProbs, tokens);
        var loss = terms.Loss;                                                      // [token]
        if (double.IsFinite(OffPolicyThreshold))
        {
            loss *= OffPolicyMask.Compute(logProbs, tokens, OffPolicyThreshold);    // [token]
        }

        if (tokens.Kept is { } kept)
        {
            loss *= kept;                                                           // [token]
        }

        if (tokens.SamplerWeights is { } weights && !Loss.ContainsSamplerWeights)
        {
            loss *= weights;                                                        // [token]
        }

        var metrics = terms.Metrics;
        if (KlWeight != 0)
        {
            var divergence = Divergence(logProbs, tokens);                          // [token]
            loss += divergence * KlWeight;                                          // [token]
            metrics = [.. metrics, new PolicyMetric("kl", scope.Keep(divergence.Detach()), RatioLevel.Token)];
        }

        foreach (var metric in terms.Metrics)
        {
            scope.Keep(metric.Values);
        }

        return new PolicyTerms(scope.Keep(loss), metrics);
    }

    private Tensor Divergence(Tensor logProbs, RolloutTokens tokens)
    {
        var reference = tokens.ReferenceLogProbs
            ?? throw new ArgumentException(
                $"tokens: a KL weight of {KlWeight} needs log-probs of a reference, found none");
        var divergence = Kl.Compute(logProbs, reference);                           // [token]
        return CorrectKl ? divergence * ImportanceRatio.Compute(logProbs, tokens) : divergence; // [token]
    }
}
