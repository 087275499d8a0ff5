using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>How one tensor is updated.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Projection">What its gradient is turned into; null for the gradient itself.</param>
internal sealed record OptimizerStep(IUpdateRule Rule, double Rate, Func<Tensor, Tensor>? Projection = null);
