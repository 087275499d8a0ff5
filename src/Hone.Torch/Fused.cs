namespace Hone.Torch;

/// <summary>The fused operators of <c>native/kernels</c>: what ATen lacks or does slowly, one line each.</summary>
/// <remarks>
/// Float32 and bfloat16 on the CPU run as vector code chosen for the processor and accumulate in float32; anything else
/// runs as a composition of ATen operators. Results do not depend on the number of threads.
/// </remarks>
public static partial class Fused
{
    private static readonly Operator RmsNormOp = Operator.Find("hone::rms_norm");
    private static readonly Operator RotaryOp = Operator.Find("hone::rotary");
    private static readonly Operator SwiGluOp = Operator.Find("hone::swiglu");

    /// <summary>x / sqrt(mean(x²) + ε) · weight over the last dimension; the shape does not change.</summary>
    /// <remarks>Root mean square layer normalisation, arXiv:1910.07467, eq. 4.</remarks>
    /// <param name="x"><c>[…, hidden]</c>.</param>
    /// <param name="weight"><c>[hidden]</c>.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public static Tensor RmsNorm(Tensor x, Tensor weight, double epsilon) => RmsNormOp.Call(x, weight, epsilon);

    /// <summary>
    /// Turns pair i of each head, (x[i], x[i + half]), by the angle of the token's position; <c>[token, head, dim]</c>.
    /// </summary>
    /// <remarks>
    /// Rotary position embedding, arXiv:2104.09864, eq. 34, in the layout "by halves" of Hugging Face checkpoints.
    /// Tables narrower than dim / 2 turn the first part of a head; the rest passes through.
    /// </remarks>
    /// <param name="x"><c>[token, head, dim]</c>.</param>
    /// <param name="cos"><c>[position, half]</c>, half at most dim / 2; takes no gradient, like
    /// <paramref name="sin"/>.</param>
    /// <param name="sin"><c>[position, half]</c>.</param>
    /// <param name="positions">int64 <c>[token]</c>: the row of each token in the tables.</param>
    public static Tensor Rotary(Tensor x, Tensor cos, Tensor sin, Tensor positions) =>
        RotaryOp.Call(x, cos, sin, positions);

    /// <summary>silu(gate) · up, silu(g) = g / (1 + e⁻ᵍ); all of one shape.</summary>
    /// <remarks>Gated linear units, arXiv:2002.05202, eq. 6.</remarks>
    public static Tensor SwiGlu(Tensor gate, Tensor up) => SwiGluOp.Call(gate, up);
}
