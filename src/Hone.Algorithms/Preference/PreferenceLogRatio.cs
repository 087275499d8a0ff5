using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>How the log-probs of tokens become the log-ratio of an answer: the half of a preference method that looks
/// at tokens. The other half, an <see cref="IPreferenceObjective"/>, sees only log-ratios.</summary>
public sealed record PreferenceLogRatio
{
    /// <summary>α, the weight of the tokens by which an answer is longer than the other of its pair (LD-DPO,
    /// arXiv:2409.06411, eq. 11); 1 for all alike.</summary>
    public double SurplusWeight { get; init; } = 1;

    /// <summary>Computes the log-ratios of pairs.</summary>
    /// <param name="logProbs">log π of each token, <c>[token]</c>.</param>
    /// <param name="reference">log π_ref of each token, <c>[token]</c>; null for a method without reference.</param>
    /// <param name="sequences">The answers, each chosen one before its rejected one.</param>
    public LogRatios Compute(Tensor logProbs, Tensor? reference, Sequences sequences)
    {
        using var scope = TensorScope.Open();

        // x(y) = Σₜ wₜ·(log π(yₜ) − log π_ref(yₜ)),   wₜ = 1 up to the shorter answer's length, then α
        var ratios = reference is null ? logProbs : logProbs - reference;           // [token]
        ratios = SurplusWeight == 1 ? ratios : ratios * SurplusWeights(sequences).To(ratios.DType);
        var answers = sequences.Sum(ratios);                                        // [sequence]
        var pairs = answers.View(answers.Count / 2, 2);                             // [pair, 2]
        return new LogRatios(scope.Keep(pairs.Select(1, 0)), scope.Keep(pairs.Select(1, 1)));
    }

    private Tensor SurplusWeights(Sequences sequences)
    {
        var weights = new double[sequences.Tokens];
        weights.AsSpan().Fill(1);
        for (var answer = 0; answer < sequences.Count; answer++)
        {
            var shorter = Math.Min(sequences.Length(answer), sequences.Length(answer ^ 1));
            weights.AsSpan(sequences.Start(answer) + shorter, sequences.Length(answer) - shorter).Fill(SurplusWeight);
        }

        return Tensor.Of<double>(weights);
    }
}
