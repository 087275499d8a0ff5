namespace Hone.Models.Adapters.Kinds;

/// <summary>Normalisations are trained, nothing else.</summary>
/// <remarks>LN tuning, arXiv:2312.11420.</remarks>
public sealed record NormTuningConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "LN_TUNING";

    /// <summary>The normalisations.</summary>
    public required ModuleTargets Targets { get; init; }
}
