using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Phi-3 and Phi-4: one matrix for queries, keys and values, one for gate and up; longrope.</summary>
/// <remarks>arXiv:2404.14219.</remarks>
public sealed class Phi3Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "phi3";

    /// <inheritdoc/>
    public string Architecture => "Phi3ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields) =>
        LlamaFields.Read(fields) with { Layers = LayerWindows.Read(fields, _ => true) };

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["sliding_window"] = LayerWindows.Window(config) is > 0 and var window ? window : null;
        fields["partial_rotary_factor"] = LayerNormFields.PartThatTurns(config);
        fields["original_max_position_embeddings"] =
            config.Rotary!.Scaling is RopeScaling.Long scaling ? scaling.OriginalPositions : config.MaxPositions;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new()
    {
        Query = "self_attn.qkv_proj",
        AttentionInputs = ProjectionLayout.OneAfterTheOther,
        Gate = "mlp.gate_up_proj",
        FeedForwardInputs = ProjectionLayout.OneAfterTheOther,
    };
}
