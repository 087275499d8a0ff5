using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Kinds;

/// <summary>A Kronecker product of two small matrices: W' = W + α/r·w₁ ⊗ w₂.</summary>
/// <remarks>LoKr, arXiv:2309.14859; the product is KronA's, arXiv:2212.10650.</remarks>
public sealed record LokrConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "LOKR";

    /// <summary>r, where no pattern says otherwise.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>α, where no pattern says otherwise.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>The linear layers it is put on.</summary>
    public required ModuleTargets Targets { get; init; }

    /// <summary>r of the modules that a pattern fits.</summary>
    public ValueList<NamePattern<int>> RankPattern { get; init; } = [];

    /// <summary>α of the modules that a pattern fits.</summary>
    public ValueList<NamePattern<double>> AlphaPattern { get; init; } = [];

    /// <summary>Whether w₁ is a product of low rank too.</summary>
    public bool DecomposeBoth { get; init; }

    /// <summary>The size of w₁ that is wanted; −1 for near the root of the layer's.</summary>
    public int Factor { get; init; } = -1;

    /// <summary>Whether the model begins as the base model.</summary>
    public bool BeginAsBase { get; init; } = true;
}
