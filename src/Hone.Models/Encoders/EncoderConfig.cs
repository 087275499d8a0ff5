using Hone.Models.Configuration;

namespace Hone.Models.Encoders;

/// <summary>The architecture of a text encoder of BERT's kind.</summary>
/// <remarks>arXiv:1810.04805: every token sees all of its text; norms stand after each half of a layer.</remarks>
public sealed record EncoderConfig
{
    /// <summary>Rows of the embedding of tokens.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Rows of the embedding of positions: tokens that a text may have.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Rows of the embedding of kinds of text.</summary>
    public required int TokenTypes { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Heads of attention.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width between the projections of the feed-forward part.</summary>
    public required int InnerSize { get; init; }

    /// <summary>The non-linearity of the feed-forward part.</summary>
    public required Activation Activation { get; init; }

    /// <summary>What norms add to the variance.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="fields">The top of <c>config.json</c>.</param>
    /// <exception cref="CheckpointException">It is not of an encoder that is supported.</exception>
    public static EncoderConfig Read(ConfigFields fields)
    {
        const double usualEpsilon = 1e-12;
        const int usualTypes = 2;
        if (fields.Text("model_type") is var family and not "bert")
        {
            throw new CheckpointException(
                $"{fields.Where}: \"model_type\" must be bert to embed texts, got \"{family}\"");
        }

        if (fields.Text("position_embedding_type", "absolute") is var positions and not "absolute")
        {
            throw new CheckpointException(
                $"{fields.Where}: \"position_embedding_type\" must be absolute, got \"{positions}\"");
        }

        var config = new EncoderConfig
        {
            VocabularySize = fields.Count("vocab_size"),
            MaxPositions = fields.Count("max_position_embeddings"),
            TokenTypes = fields.Count("type_vocab_size", usualTypes),
            HiddenSize = fields.Count("hidden_size"),
            LayerCount = fields.Count("num_hidden_layers"),
            HeadCount = fields.Count("num_attention_heads"),
            InnerSize = fields.Count("intermediate_size"),
            Activation = ActivationNames.Read(fields, "hidden_act", "gelu"),
            Epsilon = fields.Number("layer_norm_eps", usualEpsilon),
        };
        return config.HiddenSize % config.HeadCount == 0
            ? config
            : throw new CheckpointException(
                $"{fields.Where}: the hidden size must be a multiple of the heads, it is {config.HiddenSize} for "
                    + $"{config.HeadCount} heads");
    }
}
