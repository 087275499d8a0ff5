using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Qwen3: each head of queries and keys is normalised before the rotation.</summary>
/// <remarks>arXiv:2505.09388.</remarks>
public sealed class Qwen3Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "qwen3";

    /// <inheritdoc/>
    public string Architecture => "Qwen3ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        var bias = fields.Flag("attention_bias", false);
        return config with
        {
            Attention =
                config.Attention with { InputBias = bias, OutputBias = bias, QueryKeyNorm = QueryKeyNorm.EachHead },
            Layers = QwenWindows.Read(fields),
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["attention_bias"] = config.Attention.InputBias;
        QwenWindows.Write(config, fields);
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
