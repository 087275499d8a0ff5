namespace Hone.Models.Adapters.Kinds;

/// <summary>A small matrix between columns and rows of W itself: W' = W + α·C·U·R.</summary>
/// <remarks>
/// CURLoRA, arXiv:2408.14572. Columns and rows are drawn with replacement by inverted probabilities, which prefers
/// those that matter least; U begins at 0. PEFT has no such kind: its files are read by this program alone.
/// </remarks>
public sealed record CurLoraConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "CURLORA";

    /// <summary>Columns of C and rows of R.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>α.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The linear layers it is put on.</summary>
    public required ModuleTargets Targets { get; init; }
}
