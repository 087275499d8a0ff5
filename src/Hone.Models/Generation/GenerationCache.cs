namespace Hone.Models.Generation;

/// <summary>How keys and values are kept.</summary>
public enum GenerationCache
{
    /// <summary>In the dtype of products.</summary>
    Compute,

    /// <summary>In 8 bits, with a scale for each key and each value of a head.</summary>
    Int8,
}
