namespace Hone.Torch;

/// <summary>What all parameters share in one step of <see cref="Fused.AdamW"/>.</summary>
/// <param name="LearningRate">lr of this step.</param>
/// <param name="Beta1">Decay of the mean of gradients.</param>
/// <param name="Beta2">Decay of the mean of their squares.</param>
/// <param name="Epsilon">Added to the root of the mean square.</param>
/// <param name="Step">t, from 1.</param>
/// <param name="GradientScale">Multiplies every gradient first: clipping and averaging for free.</param>
public readonly record struct AdamWStep(
    double LearningRate, double Beta1, double Beta2, double Epsilon, long Step, double GradientScale = 1);
