using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Kinds;

/// <summary>The element-wise product of two low-rank matrices: W' = W + α/r·(w₁ₐ·w₁ᵦ) ⊙ (w₂ₐ·w₂ᵦ).</summary>
/// <remarks>LoHa, arXiv:2309.14859; the product is FedPara's, arXiv:2108.06098.</remarks>
public sealed record LohaConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "LOHA";

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

    /// <summary>Whether the model begins as the base model.</summary>
    public bool BeginAsBase { get; init; } = true;
}
