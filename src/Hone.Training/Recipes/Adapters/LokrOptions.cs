using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>A Kronecker product of two small matrices (LoKr, arXiv:2212.10650).</summary>
public sealed record LokrOptions : TargetedAdapterOptions
{
    /// <summary>r of the larger matrix, and of the smaller one where it is decomposed too.</summary>
    [Interval("[1, ∞)")]
    public int Rank { get; init; } = 8;

    /// <summary>α; the change is multiplied by α/r.</summary>
    [Interval("(0, ∞)")]
    public double Alpha { get; init; } = 8;

    /// <summary>Whether the smaller matrix is of low rank too.</summary>
    public bool DecomposeBoth { get; init; }

    /// <summary>The size of the smaller matrix that is wanted; -1 for near the root of the layer's.</summary>
    [Interval("[-1, ∞)")]
    public int DecomposeFactor { get; init; } = -1;

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new LokrConfig
    {
        Rank = Rank,
        Alpha = Alpha,
        DecomposeBoth = DecomposeBoth,
        Factor = DecomposeFactor,
        Targets = Targets,
        ModulesToSave = Saved,
    };
}
