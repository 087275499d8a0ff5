namespace Hone.Torch;

/// <summary>Sizes and kinds of a decoder that <see cref="Fused.DecoderStep"/> runs: norms before each half of a layer,
/// grouped heads, gated units.</summary>
public sealed record DecoderShape
{
    /// <summary>A layer that turns nothing.</summary>
    public const long NoRotation = -1;

    /// <summary>Width of the residual stream.</summary>
    public required long Hidden { get; init; }

    /// <summary>Query heads.</summary>
    public required long Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required long KeyValueHeads { get; init; }

    /// <summary>Numbers in a head.</summary>
    public required long HeadSize { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required long Inner { get; init; }

    /// <summary>Rows of the embedding and of the head.</summary>
    public required long Vocabulary { get; init; }

    /// <summary>For each layer, the positions a token sees (0: all) and which rotation of the step it turns by, or
    /// <see cref="NoRotation"/>.</summary>
    public required IReadOnlyList<(long Window, long Rotation)> Layers { get; init; }

    /// <summary>The non-linearity.</summary>
    public GateKind Gate { get; init; }

    /// <summary>Whether norms multiply by 1 + weight.</summary>
    public bool NormPlusOne { get; init; }

    /// <summary>Whether the projections to queries, keys and values have biases.</summary>
    public bool InputBias { get; init; }

    /// <summary>Whether the projection back from attention has one.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether the projections of the feed-forward part have them.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether queries and keys are normalised head by head before they turn.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Added to mean squares.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Factor of scores.</summary>
    public required double ScoreScale { get; init; }

    /// <summary>c of c·tanh(score/c), or 0 for none.</summary>
    public double ScoreCap { get; init; }

    /// <summary>Factor of embeddings.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>Factor of what the halves of a layer add.</summary>
    public double ResidualScale { get; init; } = 1;

    /// <summary>What logits are divided by.</summary>
    public double LogitDivisor { get; init; } = 1;

    /// <summary>c of c·tanh(logit/c), or 0 for none.</summary>
    public double LogitCap { get; init; }

    // The order of native/kernels/decoder/plan.h.
    internal long[] Sizes() =>
    [
        Hidden, Layers.Count, Heads, KeyValueHeads, HeadSize, Inner, Vocabulary, (long)Gate,
        Flag(NormPlusOne), Flag(InputBias), Flag(OutputBias), Flag(FeedForwardBias), Flag(QueryKeyNorm),
        .. Layers.SelectMany(layer => (long[])[layer.Window, layer.Rotation]),
    ];

    internal double[] Reals() => [Epsilon, ScoreScale, ScoreCap, EmbeddingScale, ResidualScale, LogitDivisor, LogitCap];

    private static long Flag(bool value) => value ? 1 : 0;
}
