using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>What is logged of pairs, under the names the field uses.</summary>
public static class PreferenceMetrics
{
    /// <summary>The implicit rewards β·x of both answers, how often the chosen one has more, and by how much. A tie is
    /// wrong.</summary>
    /// <remarks>arXiv:2305.18290, section 5.1.</remarks>
    public static IReadOnlyList<PolicyMetric> Rewards(LogRatios ratios, double beta)
    {
        using var still = Autograd.NoGrad();
        var (chosen, rejected) = (ratios.Chosen.Detach() * beta, ratios.Rejected.Detach() * beta); // [pair] each
        return
        [
            Of("rewards/chosen", chosen),
            Of("rewards/rejected", rejected),
            Of("rewards/accuracies", chosen.GreaterThan(rejected).To(chosen.DType)),
            Of("rewards/margins", chosen - rejected),
        ];
    }

    /// <summary>The log-probs of whole answers.</summary>
    /// <param name="ratio">How the tokens of an answer count.</param>
    /// <param name="logProbs">log π of each token, <c>[token]</c>.</param>
    /// <param name="sequences">The answers, each chosen one before its rejected one.</param>
    public static IReadOnlyList<PolicyMetric> LogProbs(PreferenceLogRatio ratio, Tensor logProbs, Sequences sequences)
    {
        using var still = Autograd.NoGrad();
        var sums = ratio.Compute(logProbs.Detach(), reference: null, sequences);
        return [Of("logps/chosen", sums.Chosen), Of("logps/rejected", sums.Rejected)];
    }

    /// <summary>A quantity of tokens, as means over the tokens of the chosen and of the rejected answers.</summary>
    /// <param name="name">The name that the sides stand behind.</param>
    /// <param name="values">The quantity, <c>[token]</c>, without gradient.</param>
    /// <param name="sequences">The answers, each chosen one before its rejected one.</param>
    public static IReadOnlyList<PolicyMetric> OfTokens(string name, Tensor values, Sequences sequences) =>
    [
        new($"{name}/chosen", ChosenTokens(values, sequences), RatioLevel.Token),
        new($"{name}/rejected", values.IndexSelect(0, Places(sequences, first: 1)), RatioLevel.Token),
    ];

    /// <summary>The tokens of the chosen answers.</summary>
    public static Tensor ChosenTokens(Tensor values, Sequences sequences) =>
        values.IndexSelect(0, Places(sequences, first: 0));

    private static PolicyMetric Of(string name, Tensor values) => new(name, values, RatioLevel.Sequence);

    private static Tensor Places(Sequences sequences, int first)
    {
        var places = new List<long>();
        for (var sequence = first; sequence < sequences.Count; sequence += 2)
        {
            for (var token = sequences.Start(sequence); token < sequences.Start(sequence + 1); token++)
            {
                places.Add(token);
            }
        }

        return Tensor.Of<long>([.. places]);
    }
}
