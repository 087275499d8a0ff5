using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>Low-rank adaptation with A frozen: the gradient of B is what moves s·B·A as the full gradient
/// would.</summary>
/// <remarks>LoRA-FA, arXiv:2308.03303.</remarks>
public static class LoraFa
{
    private const double Ridge = 1e-8;

    private static readonly Operator Solve = Operator.Find("aten::linalg_solve");
    private static readonly Operator Eye = Operator.Find("aten::eye", "m");

    /// <summary>g_B·(A·Aᵀ + 10⁻⁸)⁻¹ / s².</summary>
    /// <param name="gradient">g_B, <c>[out, r]</c>.</param>
    /// <param name="a">A, <c>[r, in]</c>.</param>
    /// <param name="scale">s of s·B·A.</param>
    /// <returns><c>[out, r]</c>.</returns>
    public static Tensor Project(Tensor gradient, Tensor a, double scale)
    {
        // (A·Aᵀ + δ) is symmetric, so that g·(…)⁻¹ = ((…)⁻¹·gᵀ)ᵀ
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var product = a.Matmul(a.Transpose(0, 1));                                             // [r, r]
        var ridged = product + (Eye.Call(a.Size(0), a.Size(0), a.DType) * Ridge);
        var solved = Solve.Call(ridged, gradient.Transpose(0, 1)).Transpose(0, 1);             // [out, r]
        return scope.Keep(solved.Contiguous() / (scale * scale));
    }
}
