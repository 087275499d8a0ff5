namespace Hone.Search;

/// <summary>One completion among several of the same prompt. It carries no gold answer.</summary>
/// <param name="Text">The completion as text.</param>
/// <param name="Tokens">Its token ids.</param>
/// <param name="LogProbs">The log-probability of each token under the model that sampled it, <c>[token]</c>.</param>
public sealed record Candidate(string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbs);
