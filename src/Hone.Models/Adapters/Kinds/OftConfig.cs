namespace Hone.Models.Adapters.Kinds;

/// <summary>Blocks of a layer's input are rotated: W' = W·blockdiag(R)ᵀ with R orthogonal.</summary>
/// <remarks>
/// OFT, arXiv:2306.07280. R = (I − Q)(I + Q)⁻¹ (Cayley), or with the inverse as a sum of n powers (Neumann):
/// R = I + 2(Q + … + Qⁿ⁻²) + Qⁿ⁻¹; Q is skew.
/// </remarks>
public sealed record OftConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "OFT";

    /// <summary>Blocks of each layer; 0 where their size is given.</summary>
    public int Rank { get; init; }

    /// <summary>Numbers of a block; 0 where the count of blocks is given.</summary>
    public int BlockSize { get; init; } = 32;

    /// <summary>The linear layers it is put on.</summary>
    public required ModuleTargets Targets { get; init; }

    /// <summary>Whether all blocks of a layer are rotated alike.</summary>
    public bool ShareBlocks { get; init; }

    /// <summary>Whether the inverse is a sum of powers.</summary>
    public bool UseNeumann { get; init; } = true;

    /// <summary>n, the terms of that sum.</summary>
    public int NeumannTerms { get; init; } = 5;

    /// <summary>Which biases of the base model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;
}
