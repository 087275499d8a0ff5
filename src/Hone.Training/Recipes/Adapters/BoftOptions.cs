using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Blocks of a layer's inputs are rotated, its outputs scaled (BOFT, arXiv:2311.06243, with one
/// factor).</summary>
public sealed record BoftOptions : TargetedAdapterOptions
{
    /// <summary>Numbers of a block; it must divide a layer's inputs.</summary>
    [Interval("[2, ∞)")]
    public int BlockSize { get; init; } = 4;

    /// <summary>Which biases of the model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) =>
        new BoftConfig { BlockSize = BlockSize, Targets = Targets, Bias = Bias, ModulesToSave = Saved };
}
