using Hone.Models.Generation;

namespace Hone.Cli.Diagnosis;

/// <summary>What a model folder holds, and what is wrong with it.</summary>
/// <param name="Folder">The folder.</param>
internal sealed record ModelReport(string Folder)
{
    /// <summary>The family's name in <c>config.json</c>.</summary>
    public string Family { get; init; } = "";

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; }

    /// <summary>Numbers that are weights.</summary>
    public long Weights { get; init; }

    /// <summary>The dtype of the files.</summary>
    public string StoredAs { get; init; } = "";

    /// <summary>The longest context, in tokens.</summary>
    public int Context { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public int Vocabulary { get; init; }

    /// <summary>Ids of the tokenizer.</summary>
    public int TokenizerVocabulary { get; init; }

    /// <summary>How it generates, and why so; null where it does not.</summary>
    public GenerationPath? Generation { get; init; }

    /// <summary>What is odd, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What makes it unusable, in words.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
