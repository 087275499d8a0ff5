namespace Hone.Models.Configuration;

/// <summary>The formula of a normalisation.</summary>
public enum NormKind
{
    /// <summary>x / √(mean x² + ε) · w.</summary>
    Rms,

    /// <summary>x / √(mean x² + ε) · (1 + w).</summary>
    RmsPlusOne,

    /// <summary>(x − mean x) / √(var x + ε) · w + b.</summary>
    Layer,
}
