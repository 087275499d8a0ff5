namespace Hone.Models.Generation;

/// <summary>How the fused step keeps the weights of a model.</summary>
public enum GenerationWeights
{
    /// <summary>In the dtype of products.</summary>
    Compute,

    /// <summary>
    /// In 8 bits, with a scale for each output and 128 inputs, turned so that none is far larger than the rest; what
    /// they multiply is rounded to 8 bits as well.
    /// </summary>
    Int8,

    /// <summary>In 4 bits, with a scale and a least number for each output and 32 inputs; the head in 8 bits.</summary>
    Int4,

    /// <summary>As the GGUF file that the model came from keeps them: blocks of <c>q8_0</c>, <c>q4_0</c> and
    /// <c>q4_1</c> as they are, other types of few bits in 8 bits.</summary>
    Stored,
}
