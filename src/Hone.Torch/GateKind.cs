namespace Hone.Torch;

/// <summary>The non-linearity of a gated linear unit; <c>native/kernels/kernels.h</c> has the same list.</summary>
public enum GateKind
{
    /// <summary>x·σ(x).</summary>
    Silu = 0,

    /// <summary>x·Φ(x), by its approximation with tanh.</summary>
    GeluTanh = 1,

    /// <summary>max(x, 0).</summary>
    Relu = 2,
}
