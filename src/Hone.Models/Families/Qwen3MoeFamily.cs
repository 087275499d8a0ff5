using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Qwen3-MoE: Qwen3 with experts.</summary>
/// <remarks>arXiv:2505.09388.</remarks>
public sealed class Qwen3MoeFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "qwen3_moe";

    /// <inheritdoc/>
    public string Architecture => "Qwen3MoeForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        var bias = fields.Flag("attention_bias", false);
        var attention =
            config.Attention with { InputBias = bias, OutputBias = bias, QueryKeyNorm = QueryKeyNorm.EachHead };
        var read = QwenExperts.Read(fields, config with { Attention = attention }, renormalise: false);

        // In this family a window holds for every layer.
        var window = fields.Flag("use_sliding_window", false) ? fields.Count("sliding_window", 0) : 0;
        return read with { Layers = [.. read.Layers.Select(layer => layer with { Window = window })] };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["attention_bias"] = config.Attention.InputBias;
        QwenExperts.Write(config, fields);
        return fields;
    }

    /// <inheritdoc/>
    public void Respell(JsonObject fields) => QwenExperts.Respell(fields);

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
