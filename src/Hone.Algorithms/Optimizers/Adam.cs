using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>Adam, and AdamW where the decay is decoupled.</summary>
/// <remarks>
/// Adam: arXiv:1412.6980, algorithm 1. Decoupled decay (AdamW): arXiv:1711.05101, algorithm 2, with the decay times the
/// learning rate. AMSGrad: arXiv:1904.09237, algorithm 2, with the maximum taken before the bias correction. The bias
/// correction of the second moment stands inside the root's quotient and ε outside.
/// </remarks>
public sealed record Adam : IUpdateRule
{
    /// <summary>β₁, the share of the first moment that stays.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, the share of the second moment that stays.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ of the weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether the decay acts on the parameter itself (AdamW) instead of through the gradient (L2).</summary>
    public bool Decoupled { get; init; } = true;

    /// <summary>Whether the second moment never falls (AMSGrad).</summary>
    public bool AmsGrad { get; init; }

    /// <summary>Whether to climb instead of descend.</summary>
    public bool Maximize { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => AmsGrad
        ? ["first_moment", "second_moment", "largest_second_moment"]
        : ["first_moment", "second_moment"];

    /// <inheritdoc/>
    public void Update(Tensor parameter, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, long step)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var g = Maximize ? -gradient : gradient;
        if (Decoupled)
        {
            InPlace.Decay(parameter, learningRate, WeightDecay);
        }
        else if (WeightDecay != 0)
        {
            g += parameter * WeightDecay;
        }

        // m ← β₁·m + (1 − β₁)·g;   v ← β₂·v + (1 − β₂)·g²
        var (m, v) = (state[0], state[1]);
        InPlace.Average(m, g, Beta1);
        InPlace.AverageSquares(v, g, Beta2);
        if (AmsGrad)
        {
            v = state[2].CopyFrom(Tensor.Max(state[2], v));
        }

        // p ← p − η/(1 − β₁ᵗ)·m / (√v/√(1 − β₂ᵗ) + ε)
        var root = v.Sqrt() / Math.Sqrt(1 - Math.Pow(Beta2, step)) + Epsilon;
        InPlace.AddQuotient(parameter, m, root, -learningRate / (1 - Math.Pow(Beta1, step)));
    }
}
