using System.Text.Json.Nodes;

namespace Hone.Text.Training;

/// <summary>What stands around a vocabulary, each part as <c>tokenizer.json</c> spells it; null for none.</summary>
public sealed record TokenizerParts
{
    /// <summary>Changes text.</summary>
    public JsonNode? Normalizer { get; init; }

    /// <summary>Cuts text into words.</summary>
    public JsonNode? PreTokenizer { get; init; }

    /// <summary>Adds special tokens to what was encoded.</summary>
    public JsonNode? PostProcessor { get; init; }

    /// <summary>Makes text of tokens.</summary>
    public JsonNode? Decoder { get; init; }
}
