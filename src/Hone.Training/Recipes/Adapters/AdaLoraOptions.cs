using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Low-rank adaptation whose ranks are pruned to a budget while it trains (AdaLoRA,
/// arXiv:2303.10512).</summary>
public sealed record AdaLoraOptions : TargetedAdapterOptions
{
    /// <summary>The rank of each module at first.</summary>
    [Interval("[1, ∞)")]
    public int InitialRank { get; init; } = 12;

    /// <summary>The mean rank of modules in the end.</summary>
    [Interval("[1, ∞)")]
    public int TargetRank { get; init; } = 8;

    /// <summary>α; the change is multiplied by α/<c>initial_rank</c>.</summary>
    [Interval("(0, ∞)")]
    public double Alpha { get; init; } = 8;

    /// <summary>The probability that a number of a layer's input is dropped on its way through A.</summary>
    [Interval("[0, 1)")]
    public double Dropout { get; init; }

    /// <summary>Updates before the first pruning.</summary>
    [Interval("[0, ∞)")]
    public int WarmUpUpdates { get; init; }

    /// <summary>Updates after the last pruning, in which the ranks stay.</summary>
    [Interval("[0, ∞)")]
    public int FinalUpdates { get; init; }

    /// <summary>Updates from one pruning to the next.</summary>
    [Interval("[1, ∞)")]
    public int PruneEvery { get; init; } = 1;

    /// <summary>The share of the running mean of importance that stays (β₁).</summary>
    [Interval("[0, 1)")]
    public double ImportanceBeta { get; init; } = 0.85;

    /// <summary>The share of the running mean of its uncertainty that stays (β₂).</summary>
    [Interval("[0, 1)")]
    public double UncertaintyBeta { get; init; } = 0.85;

    /// <summary>The weight of the penalty on A and B whose rows and columns are not orthonormal.</summary>
    [Interval("[0, ∞)")]
    public double OrthogonalityWeight { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
    [
        .. base.Problems(),
        .. TargetRank < InitialRank
            ? Array.Empty<string>()
            : [$"target_rank: must be less than initial_rank ({InitialRank}), got {TargetRank}"],
    ];

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new AdaLoraConfig
    {
        InitialRank = InitialRank,
        TargetRank = TargetRank,
        Alpha = Alpha,
        Dropout = Dropout,
        Targets = Targets,
        WarmUpSteps = WarmUpUpdates,
        FinalSteps = FinalUpdates,
        Interval = PruneEvery,
        TotalSteps = updates,
        Beta1 = ImportanceBeta,
        Beta2 = UncertaintyBeta,
        OrthogonalityWeight = OrthogonalityWeight,
        ModulesToSave = Saved,
    };
}
