namespace Hone.Evaluation;

/// <summary>What a model answered.</summary>
/// <param name="Text">The answer, without special tokens.</param>
/// <param name="Tokens">Its tokens, the one that stopped it included.</param>
/// <param name="LogProbs">The log-probability of each token, <c>[token]</c>.</param>
/// <param name="IsFinished">Whether it ended by itself.</param>
public sealed record SampledAnswer(
    string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbs, bool IsFinished);
