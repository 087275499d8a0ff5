namespace Hone.Algorithms;

/// <summary>Estimates the divergence of the policy from the reference at a sampled token.</summary>
/// <remarks>J. Schulman, "Approximating KL divergence" (2020); k3 in a loss is GRPO, arXiv:2402.03300, eq. 4.</remarks>
public enum KlEstimator
{
    /// <summary>log π − log π_ref: unbiased, of either sign.</summary>
    K1,

    /// <summary>½(log π − log π_ref)²: biased, low variance.</summary>
    K2,

    /// <summary>e^x − x − 1 with x = log π_ref − log π: unbiased and never negative.</summary>
    K3,
}
