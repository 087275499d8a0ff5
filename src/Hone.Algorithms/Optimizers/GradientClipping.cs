using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>Bounds gradients before a step. They change in place.</summary>
/// <remarks>Norm clipping: Pascanu et al., arXiv:1211.5063, algorithm 1, with the factor min(1, max/(‖g‖ +
/// 10⁻⁶)).</remarks>
public static class GradientClipping
{
    private const double Epsilon = 1e-6;

    private static readonly Operator NormOp = Operator.Find("aten::linalg_vector_norm");
    private static readonly Operator ClampInPlace = Operator.Find("aten::clamp_");

    /// <summary>The p-norm of all gradients together, as if they were one vector.</summary>
    /// <param name="gradients">The gradients of the whole step, complete.</param>
    /// <param name="order">p; 2 for the Euclidean norm, infinite for the largest magnitude.</param>
    public static double GlobalNorm(IEnumerable<Tensor> gradients, double order = 2)
    {
        // (Σ‖gᵢ‖ᵖ)^(1/p)
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        Tensor[] norms = [.. gradients.Select(gradient => NormOp.Call(gradient, order))]; // [] each
        return norms is [_, ..] ? NormOp.Call(Tensor.Stack(norms), order).Item() : 0;
    }

    /// <summary>The factor that brings a gradient of norm <paramref name="norm"/> to at most
    /// <paramref name="largest"/>.</summary>
    /// <remarks>Never more than 1; 0 for an infinite norm and NaN for NaN, so that a step of such a gradient
    /// shows.</remarks>
    public static double Factor(double norm, double largest) => Math.Min(1, largest / (norm + Epsilon));

    /// <summary>Scales all gradients by <see cref="Factor"/> of their norm.</summary>
    /// <returns>The norm before.</returns>
    public static double ByGlobalNorm(IReadOnlyCollection<Tensor> gradients, double largest, double order = 2)
    {
        using var still = Autograd.NoGrad();
        var norm = GlobalNorm(gradients, order);
        var factor = Factor(norm, largest);
        foreach (var gradient in gradients)
        {
            gradient.MultiplyInPlace(factor);
        }

        return norm;
    }

    /// <summary>Moves every element into [−<paramref name="largest"/>, <paramref name="largest"/>].</summary>
    public static void ByValue(IEnumerable<Tensor> gradients, double largest)
    {
        using var still = Autograd.NoGrad();
        foreach (var gradient in gradients)
        {
            ClampInPlace.Run(gradient, -largest, largest);
        }
    }
}
