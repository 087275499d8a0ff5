using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>
/// DeepSeek-V3 and R1: latent attention; experts scored by sigmoid and chosen with a bias that balances their load.
/// </summary>
/// <remarks>arXiv:2412.19437. Layers for predicting further tokens, numbered after the last one, are left
/// out.</remarks>
public sealed class DeepSeekV3Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "deepseek_v3";

    /// <inheritdoc/>
    public string Architecture => "DeepseekV3ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = DeepSeekFields.Read(fields);
        return LlamaFields.Checked(
            config with
            {
                Experts = config.Experts! with
                {
                    Score = RouterScore.Sigmoid,
                    ChoiceBias = true,
                    Renormalise = fields.Flag("norm_topk_prob", true),
                    Groups = fields.Count("n_group", 1),
                    GroupsPerToken = fields.Count("topk_group", 1),
                    GroupScores = 2,
                },
            },
            fields);
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = DeepSeekFields.Write(config, Architecture);
        fields["scoring_func"] = "sigmoid";
        fields["topk_method"] = "noaux_tc";
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
