namespace Hone.Models.Generation;

/// <summary>A chosen token.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Natural logarithm of its probability by the model itself, whatever else decided the choice:
/// the softmax of its logits divided by <see cref="SamplingOptions.LogProbTemperature"/>.</param>
public readonly record struct SampledToken(int Id, float LogProb);
