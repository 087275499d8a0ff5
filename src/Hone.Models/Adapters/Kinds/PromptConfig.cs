namespace Hone.Models.Adapters.Kinds;

/// <summary>Embeddings of virtual tokens before each sequence.</summary>
/// <remarks>Prompt tuning, arXiv:2104.08691.</remarks>
public sealed record PromptConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "PROMPT_TUNING";

    /// <summary>Virtual tokens.</summary>
    public required int VirtualTokens { get; init; }

    /// <summary>What fresh embeddings are.</summary>
    public PromptInitial Initial { get; init; } = PromptInitial.Random;

    /// <summary>The text whose tokens' embeddings they begin with, where they begin with a text.</summary>
    public string? Text { get; init; }
}

/// <summary>What fresh embeddings of virtual tokens are.</summary>
public enum PromptInitial
{
    /// <summary>Normal draws.</summary>
    Random,

    /// <summary>The embeddings of a text's tokens, cut or repeated to the number that is wanted.</summary>
    Text,

    /// <summary>The embeddings of tokens that are drawn from the vocabulary.</summary>
    SampleVocab,
}
