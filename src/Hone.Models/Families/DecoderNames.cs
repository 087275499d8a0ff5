namespace Hone.Models.Families;

/// <summary>What a family calls its weights. Defaults are Llama's; names of a layer stand after <see cref="LayerPrefix"/> and its number.</summary>
public sealed record DecoderNames
{
    /// <summary>The embedding matrix.</summary>
    public string Embedding { get; init; } = "model.embed_tokens";

    /// <summary>The head, where it is not the embedding.</summary>
    public string Head { get; init; } = "lm_head";

    /// <summary>The last normalisation.</summary>
    public string FinalNorm { get; init; } = "model.norm";

    /// <summary>What stands before a layer's number.</summary>
    public string LayerPrefix { get; init; } = "model.layers.";

    /// <summary>The normalisation of what goes into attention.</summary>
    public string AttentionNorm { get; init; } = "input_layernorm";

    /// <summary>The normalisation of what goes into the feed-forward part.</summary>
    public string FeedForwardNorm { get; init; } = "post_attention_layernorm";

    /// <summary>The projection to queries.</summary>
    public string Query { get; init; } = "self_attn.q_proj";

    /// <summary>The projection to keys.</summary>
    public string Key { get; init; } = "self_attn.k_proj";

    /// <summary>The projection to values.</summary>
    public string Value { get; init; } = "self_attn.v_proj";

    /// <summary>The projection back from attention.</summary>
    public string Output { get; init; } = "self_attn.o_proj";

    /// <summary>The gate of the feed-forward part.</summary>
    public string Gate { get; init; } = "mlp.gate_proj";

    /// <summary>The projection up.</summary>
    public string Up { get; init; } = "mlp.up_proj";

    /// <summary>The projection down.</summary>
    public string Down { get; init; } = "mlp.down_proj";
}
