namespace Hone.Text.Pipeline;

/// <summary>The tokens with a role, by their spelling; null where a role is not filled.</summary>
internal sealed record SpecialTokens
{
    /// <summary>Begins a text.</summary>
    public string? Bos { get; init; }

    /// <summary>Ends a text.</summary>
    public string? Eos { get; init; }

    /// <summary>Fills rows up.</summary>
    public string? Pad { get; init; }

    /// <summary>Stands for what the vocabulary cannot express.</summary>
    public string? Unknown { get; init; }
}
