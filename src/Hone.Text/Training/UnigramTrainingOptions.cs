namespace Hone.Text.Training;

/// <summary>How a Unigram vocabulary is learnt.</summary>
public sealed record UnigramTrainingOptions
{
    /// <summary>The most tokens.</summary>
    public int VocabularySize { get; init; } = 8000;

    /// <summary>Tokens that come first and are looked for in texts as they are.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Characters that belong to the vocabulary whether they occur or not; of each text the first character
    /// counts.</summary>
    public IReadOnlyList<string> InitialAlphabet { get; init; } = [];

    /// <summary>The token for characters that the vocabulary lacks; empty for none. It is put first where it is not
    /// among the special ones.</summary>
    public string UnknownToken { get; init; } = "";

    /// <summary>The share of the pieces that is left after each pruning.</summary>
    public double ShrinkingFactor { get; init; } = 0.75;

    /// <summary>The most characters of a piece.</summary>
    public int MaxPieceLength { get; init; } = 16;

    /// <summary>Rounds of expectation and maximization between two prunings.</summary>
    public int SubIterations { get; init; } = 2;

    /// <summary>The most pieces to begin with.</summary>
    public int SeedSize { get; init; } = 1_000_000;

    /// <summary>Whether a character that the vocabulary lacks becomes its bytes; 256 tokens such as <c>&lt;0x0A&gt;</c>
    /// are then part of the vocabulary, behind the special ones.</summary>
    public bool ByteFallback { get; init; }
}
