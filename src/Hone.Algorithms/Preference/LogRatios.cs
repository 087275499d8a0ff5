using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>How much likelier each answer of some pairs is under the policy than under the reference, as
/// logarithms.</summary>
/// <param name="Chosen">Of the preferred answers, <c>[pair]</c>.</param>
/// <param name="Rejected">Of the others, <c>[pair]</c>.</param>
public sealed record LogRatios(Tensor Chosen, Tensor Rejected);
