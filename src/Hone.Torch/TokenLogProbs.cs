namespace Hone.Torch;

/// <summary>What <see cref="Fused.LinearLogProbs"/> says of each token, float32 but for <see cref="Top"/>.</summary>
/// <param name="LogProbs"><c>[token]</c>: natural log-probability of the target. Has a gradient.</param>
/// <param name="Entropy"><c>[token]</c>: −Σ p log p, in nats. Has a gradient.</param>
/// <param name="LogSumSquare"><c>[token]</c>: log Σ p². No gradient.</param>
/// <param name="MeanLogit"><c>[token]</c>: mean of the logits. No gradient.</param>
/// <param name="Top">int64 <c>[token]</c>: the first id with the largest logit.</param>
public readonly record struct TokenLogProbs(
    Tensor LogProbs, Tensor Entropy, Tensor LogSumSquare, Tensor MeanLogit, Tensor Top);
