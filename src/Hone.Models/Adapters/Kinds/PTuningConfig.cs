namespace Hone.Models.Adapters.Kinds;

/// <summary>Embeddings of virtual tokens before each sequence, made by a small network in training.</summary>
/// <remarks>P-tuning, arXiv:2103.10385. Only what the network makes is stored in the end.</remarks>
public sealed record PTuningConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "P_TUNING";

    /// <summary>Virtual tokens.</summary>
    public required int VirtualTokens { get; init; }

    /// <summary>The network.</summary>
    public PTuningEncoder Encoder { get; init; } = PTuningEncoder.Mlp;

    /// <summary>The inner width of the network.</summary>
    public required int EncoderHidden { get; init; }

    /// <summary>Layers of a recurrent network.</summary>
    public int EncoderLayers { get; init; } = 2;
}

/// <summary>The network that makes embeddings of virtual tokens.</summary>
public enum PTuningEncoder
{
    /// <summary>Three layers with ReLU between them.</summary>
    Mlp,

    /// <summary>A recurrent network (LSTM) in both directions, and two layers with ReLU between them.</summary>
    Lstm,
}
