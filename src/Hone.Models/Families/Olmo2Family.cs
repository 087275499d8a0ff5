using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>OLMo 2: norms stand after attention and after the feed-forward part, and over all heads of queries and of
/// keys at once.</summary>
/// <remarks>arXiv:2501.00656.</remarks>
public sealed class Olmo2Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "olmo2";

    /// <inheritdoc/>
    public string Architecture => "Olmo2ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        var bias = fields.Flag("attention_bias", false);
        return config with
        {
            Attention =
                config.Attention with { InputBias = bias, OutputBias = bias, QueryKeyNorm = QueryKeyNorm.AllHeads },
            Norm = config.Norm with { Place = NormPlace.After },
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["attention_bias"] = config.Attention.InputBias;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
