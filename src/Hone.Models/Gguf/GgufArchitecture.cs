using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Gguf;

/// <summary>How GGUF spells one family of models.</summary>
/// <param name="Name">The name in <c>general.architecture</c>, and what its keys begin with.</param>
/// <param name="ModelType">The name in <c>config.json</c>.</param>
internal sealed record GgufArchitecture(string Name, string ModelType)
{
    /// <summary>
    /// Whether the two numbers that turn together stand side by side in the rows of queries and keys.
    /// </summary>
    public bool RotatesNeighbours { get; init; }

    /// <summary>
    /// Adds to <c>config.json</c> what this family has beside the common fields, from the file's keys.
    /// </summary>
    public Action<GgufKeys, JsonObject> Read { get; init; } = (_, _) => { };

    /// <summary>Adds what this family has beside the common keys.</summary>
    public Action<DecoderConfig, GgufMetadata> Write { get; init; } = (_, _) => { };
}
