namespace Hone.Text.Training;

/// <summary>How a WordPiece vocabulary is learnt: as BPE is, with a prefix for what goes on inside a word.</summary>
public sealed record WordPieceTrainingOptions
{
    /// <summary>The most tokens.</summary>
    public int VocabularySize { get; init; } = 30000;

    /// <summary>How often a pair must occur to be merged.</summary>
    public long MinFrequency { get; init; }

    /// <summary>Tokens that come first and are looked for in texts as they are.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>The most characters of the alphabet, the most frequent ones; null for all.</summary>
    public int? LimitAlphabet { get; init; }

    /// <summary>Characters that belong to the alphabet whether they occur or not.</summary>
    public IReadOnlyList<string> InitialAlphabet { get; init; } = [];

    /// <summary>What is put before each piece that does not begin a word.</summary>
    public string ContinuingSubwordPrefix { get; init; } = "##";

    /// <summary>The token for a word that the vocabulary cannot express.</summary>
    public string UnknownToken { get; init; } = "[UNK]";

    /// <summary>Tokens that get the ids behind the special ones, in this order.</summary>
    public IReadOnlyList<string> FirstTokens { get; init; } = [];
}
