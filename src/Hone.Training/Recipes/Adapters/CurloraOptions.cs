using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>A small matrix between columns and rows of the weight itself (CURLoRA, arXiv:2408.14572).</summary>
public sealed record CurloraOptions : TargetedAdapterOptions
{
    /// <summary>Columns and rows that are drawn.</summary>
    [Interval("[1, ∞)")]
    public int Rank { get; init; } = 8;

    /// <summary>α, what the change is multiplied by.</summary>
    [Interval("(0, ∞)")]
    public double Alpha { get; init; } = 1;

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) =>
        new CurLoraConfig { Rank = Rank, Alpha = Alpha, Targets = Targets, ModulesToSave = Saved };
}
