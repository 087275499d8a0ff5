using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>A quantity of sampled tokens or sequences that is logged.</summary>
/// <param name="Name">The name it is logged under.</param>
/// <param name="Values">The value of each token, <c>[token]</c>, or of each sequence, <c>[sequence]</c>, as the level
/// says; without gradient.</param>
/// <param name="Level">Whether tokens or sequences have the values.</param>
public sealed record PolicyMetric(string Name, Tensor Values, RatioLevel Level)
{
    /// <summary>What is logged: the mean, or the extreme sequence.</summary>
    public Statistic Statistic { get; init; } = Statistic.Mean;

    /// <summary>The mean over tokens or over sequences; adds over micro-batches and ranks.</summary>
    public MeanParts Mean()
    {
        using var scope = TensorScope.Open();
        return new MeanParts(Values.Sum().Item(), Values.Count);
    }

    /// <summary>The smallest and the largest value of a sequence, which for values of tokens is their mean.</summary>
    public (double Lowest, double Highest) Range(Sequences sequences)
    {
        using var scope = TensorScope.Open();
        var means = Level == RatioLevel.Token ? sequences.Mean(Values) : Values;    // [sequence]
        return (means.Min().Item(), means.Max().Item());
    }
}
