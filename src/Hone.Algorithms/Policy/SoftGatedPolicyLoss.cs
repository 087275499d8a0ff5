using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>A sigmoid gate in place of the clip: the gradient fades as the ratio leaves 1, and never jumps to
/// 0.</summary>
/// <remarks>SAPO, arXiv:2511.20347, eq. 5 and 6.</remarks>
/// <param name="PositiveTemperature">τ of tokens with a positive advantage.</param>
/// <param name="NegativeTemperature">τ of the others; larger lets the gradient fade sooner.</param>
public sealed record SoftGatedPolicyLoss(double PositiveTemperature = 1, double NegativeTemperature = 1.05)
    : IPolicyLoss
{
    /// <inheritdoc/>
    public PolicyTerms Compute(Tensor logProbs, RolloutTokens tokens)
    {
        using var scope = TensorScope.Open();

        // lₜ = −(4/τ)·σ(τ(ρₜ − 1))·A,   τ by the sign of A
        var ratio = ImportanceRatio.Compute(logProbs, tokens);                      // [token]
        var positive = tokens.Advantages.GreaterThan(0);                            // [token]
        var temperature = Tensor.Where(
            positive, ratio.ZerosLike() + PositiveTemperature, ratio.ZerosLike() + NegativeTemperature); // [token]
        var gate = (temperature * (ratio - 1)).Sigmoid() * 4 / temperature;         // [token]
        return new PolicyTerms(scope.Keep(-(gate * tokens.Advantages)), []);
    }
}
