using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Blocks of a layer's inputs are rotated (OFT, arXiv:2306.07280).</summary>
public sealed record OftOptions : TargetedAdapterOptions
{
    /// <summary>Numbers of a block; it must divide a layer's inputs.</summary>
    [Interval("[2, ∞)")]
    public int BlockSize { get; init; } = 32;

    /// <summary>Whether all blocks of a layer are rotated alike.</summary>
    public bool BlockShare { get; init; }

    /// <summary>Terms of the sum that stands for an inverse (Cayley–Neumann); 0 for the exact one (Cayley).</summary>
    [Interval("[0, ∞)")]
    public int NeumannTerms { get; init; } = 5;

    /// <summary>Which biases of the model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
    [
        .. base.Problems(),
        .. NeumannTerms == 1 ? ["neumann_terms: must be 0 or at least 2, got 1"] : Array.Empty<string>(),
    ];

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new OftConfig
    {
        BlockSize = BlockSize,
        ShareBlocks = BlockShare,
        UseNeumann = NeumannTerms > 0,
        NeumannTerms = NeumannTerms > 0 ? NeumannTerms : new OftConfig { Targets = Targets }.NeumannTerms,
        Targets = Targets,
        Bias = Bias,
        ModulesToSave = Saved,
    };
}
