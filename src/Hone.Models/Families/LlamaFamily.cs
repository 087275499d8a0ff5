using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Llama 1 to 3.3 and the many models that are Llama in all but name.</summary>
/// <remarks>LLaMA, arXiv:2302.13971; grouped heads from Llama 2, arXiv:2307.09288; scaled rotation from Llama 3.1,
/// arXiv:2407.21783.</remarks>
public sealed class LlamaFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "llama";

    /// <inheritdoc/>
    public string Architecture => "LlamaForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        var attentionBias = fields.Flag("attention_bias", false);
        return config with
        {
            Attention = config.Attention with { InputBias = attentionBias, OutputBias = attentionBias },
            FeedForward = config.FeedForward with { Bias = fields.Flag("mlp_bias", false) },
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["attention_bias"] = config.Attention.InputBias;
        fields["mlp_bias"] = config.FeedForward.Bias;
        fields["pretraining_tp"] = 1;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
