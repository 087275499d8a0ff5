using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>The terms of sampled tokens, not reduced.</summary>
/// <param name="Loss">What is minimised at each token, <c>[token]</c>.</param>
/// <param name="Metrics">What is worth logging about each token, without gradient.</param>
public sealed record PolicyTerms(Tensor Loss, params IReadOnlyList<PolicyMetric> Metrics);
