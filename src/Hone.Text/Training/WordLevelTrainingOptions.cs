namespace Hone.Text.Training;

/// <summary>How a vocabulary of whole words is made: the most frequent ones.</summary>
public sealed record WordLevelTrainingOptions
{
    /// <summary>The most tokens.</summary>
    public int VocabularySize { get; init; } = 30000;

    /// <summary>How often a word must occur.</summary>
    public long MinFrequency { get; init; }

    /// <summary>Tokens that come first and are looked for in texts as they are.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>The token for words that are not in the vocabulary.</summary>
    public string UnknownToken { get; init; } = "[UNK]";
}
