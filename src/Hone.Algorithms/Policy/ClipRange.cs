namespace Hone.Algorithms;

/// <summary>How far the probability ratio may move: [1 − Low, 1 + High].</summary>
/// <param name="Low">ε⁻.</param>
/// <param name="High">ε⁺.</param>
public readonly record struct ClipRange(double Low, double High);
