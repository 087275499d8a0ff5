namespace Hone.Models.Configuration;

/// <summary>How a router's logits become scores.</summary>
public enum RouterScore
{
    /// <summary>A probability over all experts.</summary>
    Softmax,

    /// <summary>A number in (0, 1) for each expert by itself.</summary>
    Sigmoid,
}
