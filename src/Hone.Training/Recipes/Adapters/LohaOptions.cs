using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>The element-wise product of two low-rank matrices (LoHa, arXiv:2108.06098).</summary>
public sealed record LohaOptions : TargetedAdapterOptions
{
    /// <summary>r of both matrices.</summary>
    [Interval("[1, ∞)")]
    public int Rank { get; init; } = 8;

    /// <summary>α; the change is multiplied by α/r.</summary>
    [Interval("(0, ∞)")]
    public double Alpha { get; init; } = 8;

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) =>
        new LohaConfig { Rank = Rank, Alpha = Alpha, Targets = Targets, ModulesToSave = Saved };
}
