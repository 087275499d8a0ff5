using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>
/// StableLM: Llama with LayerNorm, heads that rotate in part, and, in some models, both halves of a layer side by side.
/// </summary>
/// <remarks>arXiv:2402.17834.</remarks>
public sealed class StableLmFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "stablelm";

    /// <inheritdoc/>
    public string Architecture => "StableLmForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields, part: 0.25, epsilon: "layer_norm_eps");
        return config with
        {
            Attention = config.Attention with
            {
                InputBias = fields.Flag("use_qkv_bias", false),
                QueryKeyNorm = fields.Flag("qk_layernorm", false) ? QueryKeyNorm.EachHeadOwnWeights : QueryKeyNorm.None,
            },
            Norm = new NormConfig(NormKind.Layer, fields.Number("layer_norm_eps", 1e-5)),
            Residual =
                fields.Flag("use_parallel_residual", false) ? ResidualKind.ParallelSharedNorm : ResidualKind.Sequential,
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        LayerNormFields.Rename(fields);
        fields["partial_rotary_factor"] = LayerNormFields.PartThatTurns(config);
        fields["use_qkv_bias"] = config.Attention.InputBias;
        fields["qk_layernorm"] = config.Attention.QueryKeyNorm == QueryKeyNorm.EachHeadOwnWeights;
        fields["use_parallel_residual"] = config.Residual == ResidualKind.ParallelSharedNorm;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new()
    {
        QueryNorm = "self_attn.q_layernorm",
        KeyNorm = "self_attn.k_layernorm",
    };
}
