using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>Stochastic gradient descent with momentum.</summary>
/// <remarks>Momentum as in Sutskever et al. (2013), section 2, with the learning rate outside of the
/// velocity.</remarks>
public sealed record Sgd : IUpdateRule
{
    /// <summary>μ, the share of the velocity that stays.</summary>
    public double Momentum { get; init; }

    /// <summary>The share of a new gradient that does not enter the velocity; the first enters whole.</summary>
    public double Dampening { get; init; }

    /// <summary>Whether the gradient is taken where the velocity leads (Nesterov).</summary>
    public bool Nesterov { get; init; }

    /// <summary>λ, added to the gradient as λ·p.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether to climb instead of descend.</summary>
    public bool Maximize { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => Momentum == 0 ? [] : ["velocity"];

    /// <inheritdoc/>
    public void Update(Tensor parameter, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, long step)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();

        // g ← ±g + λ·p;   m ← g at first, then μ·m + (1 − d)·g;   p ← p − η·(m, or g + μ·m)
        var direction = (gradient * (Maximize ? -1.0 : 1.0)).AddInPlace(parameter, WeightDecay);
        if (Momentum != 0)
        {
            var velocity = state[0].MultiplyInPlace(Momentum).AddInPlace(direction, step == 1 ? 1 : 1 - Dampening);
            direction = Nesterov ? direction.AddInPlace(velocity, Momentum) : velocity;
        }

        parameter.AddInPlace(direction, -learningRate);
    }
}
