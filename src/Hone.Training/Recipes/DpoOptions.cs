namespace Hone.Training.Recipes;

/// <summary>Direct preference optimisation (arXiv:2305.18290): of two answers to a prompt the preferred one is made
/// likelier than the other, against the model that the run began with.</summary>
public sealed record DpoOptions : MethodOptions
{
    /// <summary>How much the model may move away from the one that the run began with (β); lower lets it move
    /// further.</summary>
    [Interval("(0, ∞)")]
    public double Beta { get; init; } = 0.1;

    /// <summary>The share of pairs whose preference is taken to be the wrong way round (ε).</summary>
    [Interval("[0, 0.5)")]
    public double LabelSmoothing { get; init; }

    /// <summary>When the log-probs of the model that the run began with are computed.</summary>
    public DpoReference Reference { get; init; } = DpoReference.Precomputed;

    /// <summary>What holds the model to the one that the run began with (arXiv:2309.16240).</summary>
    public DpoDivergence Divergence { get; init; } = DpoDivergence.ReverseKl;

    /// <summary>The order of the divergence <c>alpha</c> (α): 1 is <c>reverse_kl</c>, 0 is <c>forward_kl</c>.</summary>
    [Interval("[0, 1]")]
    public double DivergenceOrder { get; init; } = 0.5;

    /// <summary>The weight of the tokens by which an answer is longer than the other one of its pair; below 1 length
    /// counts less (arXiv:2409.06411).</summary>
    [Interval("[0, 1]")]
    public double SurplusWeight { get; init; } = 1;

    /// <summary>Whether pairs count the less, the less likely the model itself would be to give their answers
    /// (arXiv:2406.11827). Evaluation counts all alike.</summary>
    public bool WeightPairs { get; init; }
}

/// <summary>When the log-probs of the reference are computed.</summary>
public enum DpoReference
{
    /// <summary>Once, before the first step, for the rows that the run will use; no second model is kept.</summary>
    Precomputed,

    /// <summary>In each step, by a copy of the model that the run began with.</summary>
    EachStep,
}

/// <summary>What holds the policy to the reference.</summary>
public enum DpoDivergence
{
    /// <summary>The Kullback–Leibler divergence of the model from the one before, KL(π ‖ π_ref).</summary>
    ReverseKl,

    /// <summary>That of the one before from the model, KL(π_ref ‖ π).</summary>
    ForwardKl,

    /// <summary>The Jensen–Shannon divergence.</summary>
    JensenShannon,

    /// <summary>The α-divergence of the order <c>divergence_order</c>.</summary>
    Alpha,
}
