using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Embeddings of virtual tokens before each sequence, made by a small network while they train (P-tuning,
/// arXiv:2103.10385).</summary>
public sealed record PTuningOptions : AdapterOptions
{
    /// <summary>Virtual tokens.</summary>
    [Interval("[1, ∞)")]
    public required int VirtualTokens { get; init; }

    /// <summary>The network.</summary>
    public PTuningEncoder Encoder { get; init; } = PTuningEncoder.Mlp;

    /// <summary>The inner width of the network; by default the model's hidden size.</summary>
    [Interval("[1, ∞)")]
    public int? EncoderHidden { get; init; }

    /// <summary>Layers of a recurrent network.</summary>
    [Interval("[1, ∞)")]
    public int EncoderLayers { get; init; } = 2;

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new PTuningConfig
    {
        VirtualTokens = VirtualTokens,
        Encoder = Encoder,
        EncoderHidden = EncoderHidden ?? model.HiddenSize,
        EncoderLayers = EncoderLayers,
    };
}
