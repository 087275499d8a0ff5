namespace Hone.Text.Training;

/// <summary>How a BPE vocabulary is learnt.</summary>
public sealed record BpeTrainingOptions
{
    /// <summary>The most tokens. An alphabet that is larger is kept whole.</summary>
    public int VocabularySize { get; init; } = 30000;

    /// <summary>How often a pair must occur to be merged.</summary>
    public long MinFrequency { get; init; }

    /// <summary>Tokens that come first and are looked for in texts as they are.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>The most characters of the alphabet, the most frequent ones; null for all.</summary>
    public int? LimitAlphabet { get; init; }

    /// <summary>Characters that belong to the alphabet whether they occur or not; of each text the first character
    /// counts.</summary>
    public IReadOnlyList<string> InitialAlphabet { get; init; } = [];

    /// <summary>What is put before each piece that does not begin a word, such as <c>##</c>; empty for
    /// nothing.</summary>
    public string ContinuingSubwordPrefix { get; init; } = "";

    /// <summary>What is put behind each piece that ends a word, such as <c>&lt;/w&gt;</c>; empty for nothing.</summary>
    public string EndOfWordSuffix { get; init; } = "";

    /// <summary>A pair that arises by merging is not merged further when it would have as many characters; null for no
    /// limit.</summary>
    public int? MaxTokenLength { get; init; }

    /// <summary>Tokens that get the ids behind the special ones, in this order; what of the alphabet is not among them
    /// comes next. Ties between pairs go by ids.</summary>
    public IReadOnlyList<string> FirstTokens { get; init; } = [];

    /// <summary>The token for what the vocabulary cannot express; empty for none.</summary>
    public string UnknownToken { get; init; } = "";
}
