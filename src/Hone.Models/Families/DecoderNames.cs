namespace Hone.Models.Families;

/// <summary>What a family calls its weights and how it lays them out. Defaults are Llama's; names of a layer stand
/// after <see cref="LayerPrefix"/> and its number.</summary>
public sealed record DecoderNames
{
    /// <summary>The embedding matrix.</summary>
    public string Embedding { get; init; } = "model.embed_tokens";

    /// <summary>The embeddings of positions, where they are learned.</summary>
    public string Positions { get; init; } = "";

    /// <summary>The head, where it is not the embedding.</summary>
    public string Head { get; init; } = "lm_head";

    /// <summary>The last normalisation.</summary>
    public string FinalNorm { get; init; } = "model.norm";

    /// <summary>What stands before a layer's number.</summary>
    public string LayerPrefix { get; init; } = "model.layers.";

    /// <summary>What some files leave out at the start of all names; empty for nothing.</summary>
    public string OptionalPrefix { get; init; } = "";

    /// <summary>The normalisation of what goes into attention.</summary>
    public string AttentionNorm { get; init; } = "input_layernorm";

    /// <summary>The normalisation of what comes out of attention.</summary>
    public string AttentionOutNorm { get; init; } = "post_attention_layernorm";

    /// <summary>The normalisation of what goes into the feed-forward part.</summary>
    public string FeedForwardNorm { get; init; } = "post_attention_layernorm";

    /// <summary>The normalisation of what comes out of the feed-forward part.</summary>
    public string FeedForwardOutNorm { get; init; } = "post_feedforward_layernorm";

    /// <summary>The projection to queries, or to queries, keys and values together.</summary>
    public string Query { get; init; } = "self_attn.q_proj";

    /// <summary>The projection to keys.</summary>
    public string Key { get; init; } = "self_attn.k_proj";

    /// <summary>The projection to values.</summary>
    public string Value { get; init; } = "self_attn.v_proj";

    /// <summary>The normalisation of queries.</summary>
    public string QueryNorm { get; init; } = "self_attn.q_norm";

    /// <summary>The normalisation of keys.</summary>
    public string KeyNorm { get; init; } = "self_attn.k_norm";

    /// <summary>The projection back from attention.</summary>
    public string Output { get; init; } = "self_attn.o_proj";

    /// <summary>The gate of the feed-forward part, or gate and up together.</summary>
    public string Gate { get; init; } = "mlp.gate_proj";

    /// <summary>The projection up.</summary>
    public string Up { get; init; } = "mlp.up_proj";

    /// <summary>The projection down.</summary>
    public string Down { get; init; } = "mlp.down_proj";

    /// <summary>The router of experts.</summary>
    public string Router { get; init; } = "mlp.gate";

    /// <summary>What stands before an expert's number.</summary>
    public string ExpertPrefix { get; init; } = "mlp.experts.";

    /// <summary>The gate of an expert.</summary>
    public string ExpertGate { get; init; } = "gate_proj";

    /// <summary>The projection up of an expert.</summary>
    public string ExpertUp { get; init; } = "up_proj";

    /// <summary>The projection down of an expert.</summary>
    public string ExpertDown { get; init; } = "down_proj";

    /// <summary>The expert that every token goes through.</summary>
    public string SharedExpert { get; init; } = "mlp.shared_experts";

    /// <summary>What that expert's output is multiplied by.</summary>
    public string SharedExpertGate { get; init; } = "mlp.shared_expert_gate";

    /// <summary>How queries, keys and values are stored.</summary>
    public ProjectionLayout AttentionInputs { get; init; } = ProjectionLayout.Separate;

    /// <summary>How gate and up are stored.</summary>
    public ProjectionLayout FeedForwardInputs { get; init; } = ProjectionLayout.Separate;

    /// <summary>Whether matrices are stored <c>[in, out]</c>.</summary>
    public bool InputMajor { get; init; }
}
