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

    /// <summary>Stands between two texts.</summary>
    public string? Separator { get; init; }

    /// <summary>Stands for a whole text.</summary>
    public string? Classifier { get; init; }

    /// <summary>Stands for a token to be guessed.</summary>
    public string? Mask { get; init; }

    /// <summary>Special tokens without such a role.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>All of them, each once.</summary>
    public IReadOnlyList<string> All =>
        [.. new[] { Bos, Eos, Unknown, Separator, Pad, Classifier, Mask }.OfType<string>().Concat(Others).Distinct()];
}
