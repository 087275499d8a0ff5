using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Qwen2-MoE: Qwen2 with experts and one that every token goes through, behind a gate.</summary>
/// <remarks>arXiv:2407.10671.</remarks>
public sealed class Qwen2MoeFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "qwen2_moe";

    /// <inheritdoc/>
    public string Architecture => "Qwen2MoeForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        return QwenExperts.Read(
            fields, config with { Attention = config.Attention with { InputBias = fields.Flag("qkv_bias", true) } },
            renormalise: false);
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["qkv_bias"] = config.Attention.InputBias;
        fields["shared_expert_intermediate_size"] = config.Experts!.SharedInnerSize;
        QwenExperts.Write(config, fields);
        return fields;
    }

    /// <inheritdoc/>
    public void Respell(JsonObject fields) => QwenExperts.Respell(fields);

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new() { SharedExpert = "mlp.shared_expert" };
}
