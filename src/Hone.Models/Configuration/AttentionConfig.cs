namespace Hone.Models.Configuration;

/// <summary>The attention of every layer.</summary>
public sealed record AttentionConfig
{
    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads; each serves <see cref="HeadCount"/> / this many query heads.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Numbers in a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Factor of the scores, usually 1/√<see cref="HeadSize"/>.</summary>
    public required double Scale { get; init; }

    /// <summary>Whether the projections to queries, keys and values have biases.</summary>
    public bool InputBias { get; init; }

    /// <summary>Whether the projection back has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>c of c·tanh(score/c), or 0 for none.</summary>
    public double SoftCap { get; init; }

    /// <summary>Whether scores of layer n, counted from 0, are also divided by n + 1.</summary>
    public bool ScaleByLayer { get; init; }

    /// <summary>How queries and keys are normalised before the rotation.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>
    /// Latent attention, where keys and values come from one short vector a token; null for ordinary heads.
    /// </summary>
    public LatentConfig? Latent { get; init; }

    /// <summary>Numbers in a value head.</summary>
    public int ValueSize => Latent?.ValueSize ?? HeadSize;
}
