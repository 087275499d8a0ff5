using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>
/// DeepSeek-V2: latent attention; experts chosen by softmax, in some models from the best groups only.
/// </summary>
/// <remarks>arXiv:2405.04434. Weights of the chosen experts are never renormalised, whatever <c>norm_topk_prob</c>
/// says.</remarks>
public sealed class DeepSeekV2Family : IModelFamily
{
    private const string ByGroup = "group_limited_greedy";

    /// <inheritdoc/>
    public string ModelType => "deepseek_v2";

    /// <inheritdoc/>
    public string Architecture => "DeepseekV2ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = DeepSeekFields.Read(fields);
        var byGroup = fields.Text("topk_method", "greedy") switch
        {
            "greedy" => false,
            ByGroup => true,
            var other => throw fields.Wrong("topk_method", $"greedy or {ByGroup}", $"\"{other}\""),
        };
        return LlamaFields.Checked(
            config with
            {
                Experts = config.Experts! with
                {
                    Groups = byGroup ? fields.Count("n_group", 1) : 1,
                    GroupsPerToken = byGroup ? fields.Count("topk_group", 1) : 1,
                },
            },
            fields);
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = DeepSeekFields.Write(config, Architecture);
        fields["scoring_func"] = "softmax";
        fields["topk_method"] = config.Experts!.Groups > 1 ? ByGroup : "greedy";
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
