using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>Weighs tokens by how much likelier the trained policy makes them than the engine that sampled
/// them.</summary>
/// <remarks>
/// Truncated importance sampling, F. Yao et al., "Your efficient RL framework secretly brings you off-policy RL
/// training" (2025); masked: IcePop of Ring-1T, arXiv:2510.18855, section 3.2. An engine that gave no log-prob for a
/// token (NaN) counts as agreeing.
/// </remarks>
/// <param name="Level">Whether a weight belongs to a token or is the product over its sequence.</param>
/// <param name="Bound">What happens outside the range.</param>
/// <param name="Smallest">The smallest weight.</param>
/// <param name="Largest">The largest weight.</param>
public sealed record SamplerCorrection(RatioLevel Level, SamplerBound Bound, double Smallest, double Largest)
{
    /// <summary>Computes the weight of each token, <c>[token]</c>, without gradient.</summary>
    /// <param name="oldLogProbs">log π_old of each token under the trained policy, <c>[token]</c>.</param>
    /// <param name="samplerLogProbs">log μ of each token under the sampler, <c>[token]</c>; NaN where unknown.</param>
    /// <param name="sequences">The sequences of the tokens.</param>
    public Tensor Weights(Tensor oldLogProbs, Tensor samplerLogProbs, Sequences sequences)
    {
        using var scope = TensorScope.Open();

        // wₜ = π_old(yₜ) / μ(yₜ), or their product over the sequence
        var difference = Difference(oldLogProbs, samplerLogProbs);                  // [token]
        var logWeight = Level switch
        {
            RatioLevel.Token => difference,                                         // [token]
            RatioLevel.Sequence => sequences.Spread(sequences.Sum(difference)),     // [token]
            _ => throw new InvalidOperationException($"there is no weight of a {Level}"),
        };
        var weight = logWeight.Exp();                                               // [token]
        return scope.Keep(Bound switch
        {
            SamplerBound.Truncate => weight.Clamp(Smallest, Largest),               // [token]
            SamplerBound.Mask => weight.MaskedFill(Outside(weight), 0),             // [token]
            _ => throw new InvalidOperationException($"there is no bound {Bound}"),
        });
    }

    /// <summary>Mean and largest |log π_old − log μ| over the tokens whose log-prob the sampler gave.</summary>
    /// <param name="oldLogProbs">log π_old of each token, <c>[token]</c>.</param>
    /// <param name="samplerLogProbs">log μ of each token, <c>[token]</c>; NaN where unknown.</param>
    public static (MeanParts Mean, double Largest) Mismatch(Tensor oldLogProbs, Tensor samplerLogProbs)
    {
        using var scope = TensorScope.Open();
        var distance = Difference(oldLogProbs, samplerLogProbs).Abs();              // [token]
        var known = samplerLogProbs.IsNaN().Not().Sum().Item();
        return (new MeanParts(distance.Sum().Item(), known), distance.Max().Item());
    }

    private Tensor Outside(Tensor weight) => weight.LessThan(Smallest).Or(weight.GreaterThan(Largest));

    private static Tensor Difference(Tensor oldLogProbs, Tensor samplerLogProbs)
    {
        var difference = (oldLogProbs - samplerLogProbs).Detach();                  // [token]
        return difference.MaskedFill(samplerLogProbs.IsNaN(), 0);                   // [token]
    }
}
