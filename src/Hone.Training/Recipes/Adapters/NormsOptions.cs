using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Normalisations are trained, nothing else (LN tuning, arXiv:2312.11420).</summary>
public sealed record NormsOptions : AdapterOptions
{
    /// <summary>The normalisations, each by its name or the end of it after a dot.</summary>
    public required IReadOnlyList<string> TargetModules { get; init; }

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems() =>
        TargetModules.Count == 0 ? ["target_modules: must name at least one normalisation, got none"] : [];

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) =>
        new NormTuningConfig { Targets = ModuleTargets.Of([.. TargetModules]) };
}
