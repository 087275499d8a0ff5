namespace Hone.Models.Generation;

/// <summary>What was generated for one request.</summary>
/// <param name="Tokens">The new tokens, the stop token included.</param>
/// <param name="LogProbs">Of each new token, natural logarithm of its probability by the softmax of the logits divided
/// by <see cref="SamplingOptions.LogProbTemperature"/>.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="WeightVersion">The version of the weights that made it; see
/// <see cref="Decoder.WeightVersion"/>.</param>
public sealed record Completion(int[] Tokens, float[] LogProbs, FinishReason Reason, long WeightVersion);
