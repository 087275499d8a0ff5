using Hone.Torch;

namespace Hone.Training.Updates;

/// <summary>What the update of one weight has of its own.</summary>
/// <param name="Decays">Whether weight decay acts on it.</param>
/// <param name="RateFactor">What the learning rate is multiplied by.</param>
/// <param name="Projection">What its gradient, clipped or not, is turned into; null for the gradient itself.</param>
public sealed record WeightRule(bool Decays, double RateFactor = 1, Func<Tensor, Tensor>? Projection = null);
