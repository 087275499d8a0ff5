using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Kinds;

/// <summary>Low-rank adaptation whose ranks are pruned in training to a budget: W' = W + α/(r₀ +
/// 10⁻⁵)·B·diag(E)·A.</summary>
/// <remarks>AdaLoRA, arXiv:2303.10512. The divisor stays the initial rank when ranks are pruned, as in PEFT.</remarks>
public sealed record AdaLoraConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "ADALORA";

    /// <summary>r₀, the rank of each module at first.</summary>
    public int InitialRank { get; init; } = 12;

    /// <summary>The mean rank of modules at the end.</summary>
    public int TargetRank { get; init; } = 8;

    /// <summary>α.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>The probability that a number of a layer's input is dropped on its way through A.</summary>
    public double Dropout { get; init; }

    /// <summary>The linear layers it is put on.</summary>
    public required ModuleTargets Targets { get; init; }

    /// <summary>Updates before the first pruning.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Updates after the last pruning.</summary>
    public int FinalSteps { get; init; }

    /// <summary>Updates from one pruning to the next.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>Updates in all.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>The share of the running mean of importance that stays.</summary>
    public double Beta1 { get; init; } = 0.85;

    /// <summary>The share of the running mean of its uncertainty that stays.</summary>
    public double Beta2 { get; init; } = 0.85;

    /// <summary>The weight of the penalty on A and B that are not orthogonal.</summary>
    public double OrthogonalityWeight { get; init; } = 0.5;

    /// <summary>Which of its initial ranks each module has kept, by the module's name; empty before the first
    /// pruning.</summary>
    public ValueList<KeptRanks> Kept { get; init; } = [];
}

/// <summary>The ranks that a module has kept.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Ranks">For each initial rank whether it is kept.</param>
public sealed record KeptRanks(string Module, ValueList<bool> Ranks);
