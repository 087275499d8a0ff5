namespace Hone.Models.Configuration;

/// <summary>A non-linearity of the feed-forward part.</summary>
public enum Activation
{
    /// <summary>x·σ(x).</summary>
    Silu,

    /// <summary>x·Φ(x), by the error function.</summary>
    Gelu,

    /// <summary>The same by its approximation with tanh.</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}
