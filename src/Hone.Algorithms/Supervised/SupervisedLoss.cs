using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>The terms of tokens that are to be imitated.</summary>
/// <remarks>
/// Dynamic fine-tuning: arXiv:2508.05629, eq. 9. Label smoothing: Szegedy et al., arXiv:1512.00567, section 7, with the
/// uniform distribution over the vocabulary.
/// </remarks>
public static class SupervisedLoss
{
    /// <summary>−log π(yₜ), the negative log-likelihood, <c>[token]</c>.</summary>
    /// <param name="logProbs">log π of each target, <c>[token]</c>.</param>
    public static Tensor NegativeLogLikelihood(Tensor logProbs) => -logProbs;

    /// <summary>−sg(π(yₜ))·log π(yₜ), <c>[token]</c>: targets that the model finds absurd pull less.</summary>
    /// <param name="logProbs">log π of each target, <c>[token]</c>.</param>
    public static Tensor DynamicFineTuning(Tensor logProbs)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(-(logProbs.Detach().Exp() * logProbs));                   // [token]
    }

    /// <summary>−(1−ε)·log π(yₜ) − ε·mean over v of log π(v), <c>[token]</c>.</summary>
    /// <param name="logProbs">log π of each target, <c>[token]</c>.</param>
    /// <param name="meanLogProbs">The mean of log π over the whole vocabulary at each target, <c>[token]</c>.</param>
    /// <param name="smoothing">ε, the share of probability that is spread over the vocabulary, in [0, 1).</param>
    public static Tensor Smoothed(Tensor logProbs, Tensor meanLogProbs, double smoothing)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(-(logProbs * (1 - smoothing) + meanLogProbs * smoothing)); // [token]
    }

    /// <summary>The mean of log π over the whole vocabulary at each target, <c>[token]</c>, without any
    /// logits.</summary>
    /// <remarks>mean_v log π(v) = mean_v z_v − log Σ eᶻ = h·(w̄ − w_y)/τ + log π(y): the mean row stands for all
    /// rows.</remarks>
    /// <param name="logProbs">log π of each target, <c>[token]</c>.</param>
    /// <param name="hidden">The state that predicts each target, <c>[token, hidden]</c>.</param>
    /// <param name="head">The head, <c>[vocab, hidden]</c>, without bias and soft-cap.</param>
    /// <param name="targets">The id of each target, int64 <c>[token]</c>.</param>
    /// <param name="temperature">τ, what logits are divided by.</param>
    public static Tensor MeanLogProbs(
        Tensor logProbs, Tensor hidden, Tensor head, Tensor targets, double temperature = 1)
    {
        using var scope = TensorScope.Open();
        var rows = head.Mean(0) - head.IndexSelect(0, targets);                     // [token, hidden]
        var difference = (hidden * rows).To(logProbs.DType).Sum(-1) / temperature;  // [token]
        return scope.Keep(difference + logProbs);
    }
}
