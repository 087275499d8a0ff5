namespace Hone.Models.Adapters.Kinds;

/// <summary>Vectors around random matrices that all layers share: W' = W + diag(b)·B·diag(d)·A.</summary>
/// <remarks>VeRA, arXiv:2310.11454. A and B are drawn once and stay.</remarks>
public sealed record VeraConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "VERA";

    /// <summary>r, the rows of A and columns of B.</summary>
    public int Rank { get; init; } = 256;

    /// <summary>What d is made of.</summary>
    public double InitialD { get; init; } = 0.1;

    /// <summary>The probability that a number of a layer's input is dropped on its way through A.</summary>
    public double Dropout { get; init; }

    /// <summary>The linear layers it is put on.</summary>
    public required ModuleTargets Targets { get; init; }

    /// <summary>What the draws of A and B begin with; the same key gives the same A and B as PEFT's.</summary>
    public long ProjectionKey { get; init; }

    /// <summary>Whether A and B are stored with the adapter.</summary>
    public bool SaveProjection { get; init; } = true;

    /// <summary>Which biases of the base model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;
}
