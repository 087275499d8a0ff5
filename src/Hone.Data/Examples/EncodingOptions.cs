namespace Hone.Data;

/// <summary>How rows become examples.</summary>
public sealed record EncodingOptions
{
    /// <summary>Tokens in an example, at most; at least 2, as the first is never a target.</summary>
    public required int MaxLength { get; init; }

    /// <summary>What happens to longer rows.</summary>
    public LongExamples Long { get; init; }

    /// <summary>Which tokens are targets.</summary>
    public TrainOn TrainOn { get; init; }
}
