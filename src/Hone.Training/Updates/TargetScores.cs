using Hone.Algorithms;
using Hone.Torch;

namespace Hone.Training.Updates;

/// <summary>
/// What the model says of each target, from the one chunked primitive that never holds <c>[token, vocab]</c>.
/// </summary>
/// <param name="states">The hidden state that predicts each target, <c>[target, hidden]</c>.</param>
/// <param name="head">The head, <c>[vocab, hidden]</c>.</param>
/// <param name="targets">The id of each target, <c>[target]</c> int64.</param>
/// <param name="scores">What the primitive gave.</param>
/// <param name="temperature">What logits were divided by.</param>
public sealed class TargetScores(Tensor states, Tensor head, Tensor targets, TokenLogProbs scores, double temperature)
{
    /// <summary>log π of the target, <c>[target]</c>.</summary>
    public Tensor LogProbs => scores.LogProbs;

    /// <summary>The entropy of the distribution that the target was taken from, <c>[target]</c>.</summary>
    public Tensor Entropy => scores.Entropy;

    /// <summary>log Σ_v π(v)², <c>[target]</c>, without gradient.</summary>
    public Tensor LogSumSquares => scores.LogSumSquare;

    /// <summary>The mean of the logits over the vocabulary, <c>[target]</c>, without gradient.</summary>
    public Tensor MeanLogits => scores.MeanLogit;

    /// <summary>1 where the target is the likeliest token, else 0, <c>[target]</c>.</summary>
    public Tensor IsLikeliest()
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        return scope.Keep(scores.Top.EqualTo(targets).To(DType.Float64));
    }

    /// <summary>The mean of log π over the vocabulary, <c>[target]</c>.</summary>
    public Tensor MeanLogProbs() => SupervisedLoss.MeanLogProbs(LogProbs, states, head, targets, temperature);
}
