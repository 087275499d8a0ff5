namespace Hone.Training.Recipes;

/// <summary>AdamW with decoupled decay (arXiv:1711.05101).</summary>
public sealed record OptimizerOptions
{
    /// <summary>How moments are kept between updates.</summary>
    public OptimizerName Name { get; init; } = OptimizerName.Adamw;

    /// <summary>The learning rate at the top of the schedule.</summary>
    [Interval("(0, ∞)")]
    public double LearningRate { get; init; } = 1e-5;

    /// <summary>The decay of the mean of gradients (β₁); higher is smoother and slower.</summary>
    [Interval("[0, 1)")]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The decay of the mean of squared gradients (β₂).</summary>
    [Interval("[0, 1)")]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the mean square (ε), outside the root.</summary>
    [Interval("(0, ∞)")]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The share of a weight that decays with each unit of learning rate (λ); norms have no decay.</summary>
    [Interval("[0, ∞)")]
    public double WeightDecay { get; init; }

    /// <summary>The longest gradient of a step (L2 norm over all weights); a longer one is scaled down to it. 0
    /// switches clipping off.</summary>
    [Interval("[0, ∞)")]
    public double ClipNorm { get; init; } = 1;
}

/// <summary>How the moments of AdamW are kept between updates.</summary>
public enum OptimizerName
{
    /// <summary>In float32: 8 bytes a weight.</summary>
    Adamw,

    /// <summary>In 8 bits, in blocks of 256 that share a scale (arXiv:2110.02861): 2 bytes a weight. Weights of fewer
    /// than 4096 numbers keep theirs in float32.</summary>
    Adamw8bit,
}
