namespace Hone.Models.Adapters.Kinds;

/// <summary>A layer's input is rotated by sparse factors in the pattern of a butterfly, its outputs scaled: W' =
/// diag(s)·W·Rᵀ.</summary>
/// <remarks>BOFT, arXiv:2311.06243. Blocks are made orthogonal by Cayley's formula of their skew part.</remarks>
public sealed record BoftConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "BOFT";

    /// <summary>Numbers of a block; 0 where the count of blocks is given.</summary>
    public int BlockSize { get; init; } = 4;

    /// <summary>Blocks of each layer; 0 where their size is given.</summary>
    public int BlockCount { get; init; }

    /// <summary>Butterfly factors that the file speaks of. PEFT without its CUDA extension stores one, whatever it
    /// says.</summary>
    public int Factors { get; init; } = 1;

    /// <summary>The linear layers it is put on.</summary>
    public required ModuleTargets Targets { get; init; }

    /// <summary>Which biases of the base model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;
}
