using Hone.Models.Adapters;
using Hone.Models.Checkpoints;
using Hone.Text.Gguf;

namespace Hone.Models.Export;

/// <summary>How a model is written.</summary>
public sealed record ExportOptions
{
    /// <summary>How matrices are stored; null for the type each was read in (float16 in GGUF).</summary>
    public GgmlType? Type { get; init; }

    /// <summary>Whether a GGUF file is written, or else a folder of safetensors.</summary>
    public bool AsGguf { get; init; }

    /// <summary>Bytes of data that a safetensors shard may have.</summary>
    public long ShardLimit { get; init; } = ShardedWriter.UsualLimit;

    /// <summary>Adapters that are merged into the weights.</summary>
    public IReadOnlyList<NamedAdapter> Adapters { get; init; } = [];

    /// <summary>The text that both models are compared on; null for a built-in one.</summary>
    public string? SampleText { get; init; }

    /// <summary>The types that safetensors are written in.</summary>
    public static IReadOnlyList<GgmlType> PlainTypes { get; } = [GgmlType.F32, GgmlType.BF16, GgmlType.F16];

    /// <summary>The types that GGUF is written in.</summary>
    public static IReadOnlyList<GgmlType> GgufTypes { get; } =
        [.. PlainTypes, GgmlType.Q80, GgmlType.Q40, GgmlType.Q41];
}
