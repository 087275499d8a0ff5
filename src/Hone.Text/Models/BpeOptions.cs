namespace Hone.Text.Models;

/// <summary>How a BPE tokenizer cuts a piece into its first symbols and treats what its vocabulary lacks.</summary>
internal sealed record BpeOptions
{
    /// <summary>Whether symbols start out as bytes, the vocabulary being spelt in raw bytes, instead of
    /// characters.</summary>
    public bool SymbolsAreBytes { get; init; }

    /// <summary>The token for characters that the vocabulary lacks; without one they vanish.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether neighbouring unknown characters are one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a character that the vocabulary lacks is spelt by tokens &lt;0x00&gt; to &lt;0xFF&gt; for its
    /// bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a piece that is itself a token is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>What stands before each symbol of a piece but the first.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What stands after the last symbol of a piece.</summary>
    public string EndSuffix { get; init; } = "";
}
