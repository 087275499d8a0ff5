using Hone.Torch;

namespace Hone.Models.Configuration;

/// <summary>The architecture of a decoder-only transformer: one record that spans the families.</summary>
/// <remarks>A family (<see cref="Families.IModelFamily"/>) reads it from a <c>config.json</c> and writes it back. Two
/// configurations are equal when every part is.</remarks>
public sealed record DecoderConfig
{
    /// <summary>The family's name in <c>config.json</c>, such as <c>llama</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Rows of the embedding and of the head.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Positions the model was made for; see also <see cref="ContextLength"/>.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Heads, their size and their peculiarities.</summary>
    public required AttentionConfig Attention { get; init; }

    /// <summary>The feed-forward part of each layer.</summary>
    public required FeedForwardConfig FeedForward { get; init; }

    /// <summary>The experts of layers that have them in place of the dense feed-forward part; null for none.</summary>
    public ExpertConfig? Experts { get; init; }

    /// <summary>How activations are normalised.</summary>
    public required NormConfig Norm { get; init; }

    /// <summary>What is particular to each layer, in order.</summary>
    public required ValueList<LayerConfig> Layers { get; init; }

    /// <summary>How the two halves of a layer join the residual stream.</summary>
    public ResidualKind Residual { get; init; } = ResidualKind.Sequential;

    /// <summary>
    /// Rotation of queries and keys in layers that say <see cref="RotaryUse.Main"/>; null where positions are learned.
    /// </summary>
    public RotaryConfig? Rotary { get; init; }

    /// <summary>Rotation in layers that say <see cref="RotaryUse.Local"/>.</summary>
    public RotaryConfig? LocalRotary { get; init; }

    /// <summary>Whether each position has an embedding of its own, which is added to the token's.</summary>
    public bool LearnedPositions { get; init; }

    /// <summary>Whether the head is the embedding matrix.</summary>
    public bool TiedHead { get; init; }

    /// <summary>Labels that the head scores; null for a model that predicts tokens.</summary>
    public LabelConfig? Labels { get; init; }

    /// <summary>Factor of the embeddings.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>Factor of what a layer's halves add to the residual stream.</summary>
    public double ResidualScale { get; init; } = 1;

    /// <summary>What logits are divided by.</summary>
    public double LogitDivisor { get; init; } = 1;

    /// <summary>c of c·tanh(logit/c), or 0 for none.</summary>
    public double LogitSoftCap { get; init; }

    /// <summary>Standard deviation of fresh weights.</summary>
    public double InitialDeviation { get; init; } = 0.02;

    /// <summary>Type that weights are stored as.</summary>
    public DType StorageType { get; init; } = DType.Float32;

    /// <summary>
    /// Tokens that a sequence may have: <see cref="MaxPositions"/>, or what dynamic scaling stretches it to.
    /// </summary>
    public int ContextLength => Rotary?.Scaling is RopeScaling.Dynamic dynamic
        ? (int)(MaxPositions * dynamic.Factor)
        : MaxPositions;
}
