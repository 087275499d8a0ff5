using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>AdamW in the order of computation that saves a division: ε beside the uncorrected root, decay after the
/// update.</summary>
/// <remarks>
/// Adam: arXiv:1412.6980, the last paragraph of section 2, where ε̂ takes the place of ε·√(1 − β₂ᵗ); decay as in
/// arXiv:1711.05101. LoRA-FA is trained with it in PEFT.
/// </remarks>
public sealed record EfficientAdam : IUpdateRule
{
    /// <summary>β₁, the share of the first moment that stays.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, the share of the second moment that stays.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε̂, added to the root of the second moment as it stands.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>λ of the weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => ["first_moment", "second_moment"];

    /// <inheritdoc/>
    public void Update(Tensor parameter, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, long step)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();

        // m ← β₁·m + (1 − β₁)·g;   v ← β₂·v + (1 − β₂)·g²
        var (m, v) = (state[0], state[1]);
        InPlace.Average(m, gradient, Beta1);
        InPlace.AverageSquares(v, gradient, Beta2);

        // p ← p − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m / (√v + ε̂),   then   p ← p·(1 − η·λ)
        var rate = learningRate * Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step));
        InPlace.AddQuotient(parameter, m, v.Sqrt() + Epsilon, -rate);
        InPlace.Decay(parameter, learningRate, WeightDecay);
    }
}
