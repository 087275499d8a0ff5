using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>The divergence that holds the policy to the reference, by the score it gives to a log-ratio x.</summary>
/// <remarks>f-DPO, arXiv:2309.16240, table 1 and eq. 12: the score is f′(eˣ), up to a constant that the difference of
/// two scores does not have. The reverse Kullback–Leibler divergence is that of DPO.</remarks>
public abstract record PreferenceDivergence
{
    private PreferenceDivergence()
    {
    }

    /// <summary>The scores of both answers.</summary>
    public LogRatios Score(LogRatios ratios)
    {
        using var scope = TensorScope.Open();
        return new LogRatios(scope.Keep(Score(ratios.Chosen)), scope.Keep(Score(ratios.Rejected)));
    }

    private Tensor Score(Tensor x) => this switch
    {
        ReverseKl or Alpha { Order: 1 } => x,
        ForwardKl => 1 - (-x).Exp(),                                                // [pair]
        JensenShannon => x.LogSigmoid() + Math.Log(2),                              // [pair]
        Alpha alpha => (x * (alpha.Order - 1)).Expm1() / (alpha.Order - 1),         // [pair]
        _ => throw new InvalidOperationException($"there is no divergence {this}"),
    };

    /// <summary>x: KL(π ‖ π_ref).</summary>
    public sealed record ReverseKl : PreferenceDivergence;

    /// <summary>1 − e⁻ˣ: KL(π_ref ‖ π).</summary>
    public sealed record ForwardKl : PreferenceDivergence;

    /// <summary>log 2 + log σ(x): the Jensen–Shannon divergence.</summary>
    public sealed record JensenShannon : PreferenceDivergence;

    /// <summary>(e^((α−1)x) − 1)/(α − 1): the α-divergence; x for α = 1.</summary>
    /// <param name="Order">α.</param>
    public sealed record Alpha(double Order) : PreferenceDivergence;
}
