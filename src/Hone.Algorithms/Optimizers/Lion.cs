using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>Steps of one size in every coordinate, in the direction of the sign of the momentum.</summary>
/// <remarks>Lion, arXiv:2302.06675, program 1.</remarks>
public sealed record Lion : IUpdateRule
{
    /// <summary>β₁, the share of the momentum in the direction of a step.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, the share of the momentum that stays.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>λ of the decoupled weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => ["momentum"];

    /// <inheritdoc/>
    public void Update(Tensor parameter, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, long step)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();

        // p ← p·(1 − η·λ) − η·sign(β₁·m + (1 − β₁)·g);   m ← β₂·m + (1 − β₂)·g
        InPlace.Decay(parameter, learningRate, WeightDecay);
        var direction = (state[0] * Beta1).AddInPlace(gradient, 1 - Beta1).Sign();
        parameter.AddInPlace(direction, -learningRate);
        InPlace.Average(state[0], gradient, Beta2);
    }
}
