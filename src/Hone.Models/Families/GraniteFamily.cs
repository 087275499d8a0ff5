using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>
/// Granite 3: Llama with factors on embeddings, residuals, scores and logits (maximal update parametrisation).
/// </summary>
/// <remarks>Granite 3.0 language models, 2024; the parametrisation: arXiv:2203.03466.</remarks>
public sealed class GraniteFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "granite";

    /// <inheritdoc/>
    public string Architecture => "GraniteForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        var bias = fields.Flag("attention_bias", false);
        return config with
        {
            Attention = config.Attention with
            {
                InputBias = bias,
                OutputBias = bias,
                Scale = fields.Number("attention_multiplier", 1),
            },
            FeedForward = config.FeedForward with { Bias = fields.Flag("mlp_bias", false) },
            EmbeddingScale = fields.Number("embedding_multiplier", 1),
            ResidualScale = fields.Number("residual_multiplier", 1),
            LogitDivisor = fields.Number("logits_scaling", 1),
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["attention_bias"] = config.Attention.InputBias;
        fields["mlp_bias"] = config.FeedForward.Bias;
        fields["attention_multiplier"] = config.Attention.Scale;
        fields["embedding_multiplier"] = config.EmbeddingScale;
        fields["residual_multiplier"] = config.ResidualScale;
        fields["logits_scaling"] = config.LogitDivisor;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
