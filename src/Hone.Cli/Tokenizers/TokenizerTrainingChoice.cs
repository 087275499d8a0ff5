namespace Hone.Cli.Tokenizers;

/// <summary>What the command line says of learning a tokenizer.</summary>
internal sealed record TokenizerTrainingChoice
{
    /// <summary>bpe, unigram, wordpiece or wordlevel.</summary>
    public required string Kind { get; init; }

    /// <summary>The most tokens.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Files, folders, patterns or data sets.</summary>
    public required IReadOnlyList<string> Input { get; init; }

    /// <summary>The folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>The field of a row that holds its text.</summary>
    public string Column { get; init; } = "text";

    /// <summary>Special tokens beside the kind's own.</summary>
    public IReadOnlyList<string> Special { get; init; } = [];

    /// <summary>bpe: gpt2, gpt4 or qwen2.</summary>
    public string? Pattern { get; init; }

    /// <summary>none, nfc or nfkc; not for wordpiece.</summary>
    public string? Normalization { get; init; }

    /// <summary>Whether texts are made lower-case.</summary>
    public bool Lowercase { get; init; }

    /// <summary>How often a pair or a word must occur; not for unigram.</summary>
    public int? MinFrequency { get; init; }

    /// <summary>The most characters of a piece.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The most characters of the alphabet.</summary>
    public int? LimitAlphabet { get; init; }

    /// <summary>unigram: whether unknown characters become bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>What does not fit together.</summary>
    public IEnumerable<string> Problems()
    {
        var own = OwnTokens.Concat(Special).Distinct().Count() + (Kind == "bpe" || ByteFallback ? 256 : 0);
        if (VocabularySize <= own)
        {
            yield return $"--vocab-size: must be more than the {own} tokens that are there from the start (special "
                + $"tokens{(own > 255 ? " and 256 bytes" : "")}), got {VocabularySize}";
        }

        if (ByteFallback && Kind != "unigram")
        {
            yield return $"--byte-fallback: must go with --kind unigram, got {Kind}";
        }

        if (Pattern is not null && Kind != "bpe")
        {
            yield return $"--pattern: must go with --kind bpe, got {Kind}";
        }

        if (Normalization is not null && Kind == "wordpiece")
        {
            yield return "--normalize: must go with --kind bpe, unigram or wordlevel, got wordpiece, which has BERT's "
                + "own";
        }

        if (MinFrequency is not null && Kind == "unigram")
        {
            yield return $"--min-frequency: must go with --kind bpe, wordpiece or wordlevel, got {Kind}";
        }

        if (LimitAlphabet is not null && Kind != "wordpiece")
        {
            yield return $"--limit-alphabet: must go with --kind wordpiece, got {Kind}";
        }

        if (MaxLength is not null && Kind is not ("bpe" or "unigram"))
        {
            yield return $"--max-token-length: must go with --kind bpe or unigram, got {Kind}";
        }

        if (Special.Any(token => token.Length == 0))
        {
            yield return "--special: must be a text, got nothing";
        }

        if (File.Exists(Path.Combine(Output, "tokenizer.json")))
        {
            yield return $"--output: {Output} must not hold a tokenizer yet, it does; give another folder";
        }
    }

    /// <summary>The special tokens that the kind brings along.</summary>
    public IReadOnlyList<string> OwnTokens => Kind switch
    {
        "bpe" => ["<|endoftext|>"],
        "unigram" => ["<unk>", "<s>", "</s>"],
        "wordpiece" => ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"],
        _ => ["[UNK]", "[EOS]"],
    };
}
