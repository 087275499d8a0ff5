using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>
/// Gemma 2: norms around both halves of a layer, every other layer sees a window, scores and logits are capped.
/// </summary>
/// <remarks>arXiv:2408.00118.</remarks>
public sealed class Gemma2Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gemma2";

    /// <inheritdoc/>
    public string Architecture => "Gemma2ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = GemmaFamily.ReadCommon(fields);
        return config with
        {
            Attention = config.Attention with
            {
                Scale = Math.Pow(fields.Number("query_pre_attn_scalar", 256), -0.5),
                SoftCap = fields.Number("attn_logit_softcapping", 0),
            },
            Norm = config.Norm with { Place = NormPlace.Around },
            LogitSoftCap = fields.Number("final_logit_softcapping", 0),
            Layers = LayerWindows.Read(fields, layer => layer % 2 == 0),
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["hidden_activation"] = ActivationNames.Of(config.FeedForward.Activation);
        fields["attention_bias"] = config.Attention.InputBias;
        GemmaScores.Write(config, fields);
        LayerWindows.Write(config, fields);
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new() { FeedForwardNorm = "pre_feedforward_layernorm" };
}
