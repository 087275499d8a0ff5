using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>The objective of direct preference optimisation: the answers are told apart by a logistic model of their
/// log-ratios.</summary>
/// <remarks>
/// DPO, Rafailov et al., arXiv:2305.18290, eq. 7. With smoothing it is the conservative objective, under which a share
/// ε of the labels is taken to be flipped (Mitchell 2023; arXiv:2403.00409, section 3, compares it with an unbiased
/// one).
/// </remarks>
/// <param name="Beta">β, how much a log-ratio counts; the implicit reward of an answer is β times its
/// log-ratio.</param>
/// <param name="Smoothing">ε, the share of flipped labels, in [0, ½].</param>
public sealed record LogisticPreference(double Beta, double Smoothing = 0) : IPreferenceObjective
{
    /// <inheritdoc/>
    public Tensor Compute(LogRatios ratios)
    {
        using var scope = TensorScope.Open();

        // l = −(1 − ε)·log σ(βΔ) − ε·log σ(−βΔ),   Δ = x(chosen) − x(rejected)
        var logits = (ratios.Chosen - ratios.Rejected) * Beta;                      // [pair]
        var loss = -logits.LogSigmoid();                                            // [pair]
        return scope.Keep(Smoothing == 0 ? loss : loss * (1 - Smoothing) - (-logits).LogSigmoid() * Smoothing);
    }
}
