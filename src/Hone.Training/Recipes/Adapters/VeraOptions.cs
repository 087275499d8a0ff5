using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Vectors around two random matrices that all layers share (VeRA, arXiv:2310.11454).</summary>
public sealed record VeraOptions : TargetedAdapterOptions
{
    /// <summary>r, the rows of A and columns of B.</summary>
    [Interval("[1, ∞)")]
    public int Rank { get; init; } = 256;

    /// <summary>What the inner vector begins with.</summary>
    public double DInitial { get; init; } = 0.1;

    /// <summary>The probability that a number of a layer's input is dropped on its way through A.</summary>
    [Interval("[0, 1)")]
    public double Dropout { get; init; }

    /// <summary>What the draws of A and B begin with.</summary>
    [Interval("[0, ∞)")]
    public long ProjectionKey { get; init; }

    /// <summary>Whether A and B are stored with it.</summary>
    public bool SaveProjection { get; init; } = true;

    /// <summary>Which biases of the model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new VeraConfig
    {
        Rank = Rank,
        InitialD = DInitial,
        Dropout = Dropout,
        Targets = Targets,
        ProjectionKey = ProjectionKey,
        SaveProjection = SaveProjection,
        Bias = Bias,
        ModulesToSave = Saved,
    };
}
