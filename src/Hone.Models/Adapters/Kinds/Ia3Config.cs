namespace Hone.Models.Adapters.Kinds;

/// <summary>Outputs of attention layers, and inputs of feed-forward layers, times a learned vector.</summary>
/// <remarks>(IA)³, arXiv:2205.05638, section 3.3.</remarks>
public sealed record Ia3Config : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "IA3";

    /// <summary>The linear layers it is put on.</summary>
    public required ModuleTargets Targets { get; init; }

    /// <summary>Those of them whose inputs are multiplied, each by the end of its name; a regular expression alone
    /// where it is one text in the file.</summary>
    public required ModuleTargets FeedForward { get; init; }

    /// <summary>Whether a fresh one is all 1, so that the model begins as the base model; else it is drawn.</summary>
    public bool BeginAsBase { get; init; } = true;
}
