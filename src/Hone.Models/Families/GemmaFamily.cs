using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Gemma 1: norms multiply by 1 + w, embeddings are scaled by √hidden, and the head is tied.</summary>
/// <remarks>arXiv:2403.08295. <c>hidden_act</c> "gelu" means the approximation with tanh in these files, whatever it
/// means elsewhere.</remarks>
public sealed class GemmaFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gemma";

    /// <inheritdoc/>
    public string Architecture => "GemmaForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields) => ReadCommon(fields);

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["attention_bias"] = config.Attention.InputBias;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();

    /// <summary>What all Gemmas have in common.</summary>
    internal static DecoderConfig ReadCommon(ConfigFields fields)
    {
        var activation = fields.Has("hidden_activation") ? "hidden_activation" : "hidden_act";
        var config = LlamaFields.Read(fields, tied: true, activation: activation);
        var bias = fields.Flag("attention_bias", false);
        return config with
        {
            Attention = config.Attention with { InputBias = bias, OutputBias = bias },
            FeedForward = config.FeedForward with { Activation = Activation.GeluTanh },
            Norm = config.Norm with { Kind = NormKind.RmsPlusOne },
            EmbeddingScale = Math.Sqrt(config.HiddenSize),
        };
    }
}
