namespace Hone.Models.Configuration;

/// <summary>How queries and keys are normalised before they are rotated.</summary>
public enum QueryKeyNorm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each head by itself, all with the same weights.</summary>
    EachHead,

    /// <summary>Each head by itself with a LayerNorm (no bias) and weights of its own.</summary>
    EachHeadOwnWeights,

    /// <summary>All heads of a token at once.</summary>
    AllHeads,
}
