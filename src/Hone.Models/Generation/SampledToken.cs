namespace Hone.Models.Generation;

/// <summary>A chosen token.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Natural logarithm of its probability by the model itself: the softmax of unchanged
/// logits.</param>
public readonly record struct SampledToken(int Id, float LogProb);
