namespace Hone.Torch;

/// <summary>How the fused step keeps the weights of a matrix. A number in few bits is scale · (code − zero) + least,
/// with a scale, and a least number where there is one, in half precision for each output and some inputs.</summary>
public enum WeightCode
{
    /// <summary>In the compute dtype.</summary>
    Plain,

    /// <summary>8 bits; a scale for 128 inputs, which are turned by a Hadamard matrix first, so that no single one is
    /// far larger than the rest; and so is what they are multiplied with (QuaRot, arXiv:2404.00456).</summary>
    Int8,

    /// <summary>8 bits; a scale for 32 inputs, as GGUF's <c>q8_0</c>.</summary>
    Q80,

    /// <summary>4 bits; a scale for 32 inputs, as GGUF's <c>q4_0</c>.</summary>
    Q40,

    /// <summary>4 bits; a scale and a least number for 32 inputs, as GGUF's <c>q4_1</c>.</summary>
    Q41,
}
