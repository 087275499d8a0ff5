namespace Hone.Algorithms;

/// <summary>The form φ(w) = e^λ·wᵏ·e^(−λw) of an importance weight: 1 at w = 1, falling on both sides.</summary>
/// <param name="Power">k.</param>
/// <param name="Rate">λ; at least 10⁻⁴ is used.</param>
public readonly record struct GammaWeight(double Power, double Rate);
