using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Experts as the Qwen families spell them.</summary>
internal static class QwenExperts
{
    /// <summary>Adds experts and the layers that have them to what is common.</summary>
    public static DecoderConfig Read(ConfigFields fields, DecoderConfig config, bool renormalise)
    {
        var dense = fields.Integers("mlp_only_layers");
        var step = fields.Count("decoder_sparse_step", 1);
        return LlamaFields.Checked(
            config with
            {
                Layers = ValueList.Create<LayerConfig>([.. QwenWindows.Read(fields).Select(
                    (layer, i) => layer with { Experts = !dense.Contains(i) && (i + 1) % step == 0 })]),
                Experts = new ExpertConfig
                {
                    Count = fields.Has("num_experts") ? fields.Count("num_experts") : fields.Count("num_local_experts"),
                    PerToken = fields.Count("num_experts_per_tok"),
                    InnerSize = fields.Count("moe_intermediate_size"),
                    Renormalise = fields.Flag("norm_topk_prob", renormalise),
                    SharedInnerSize = fields.Count("shared_expert_intermediate_size", 0),
                    SharedGate = fields.Has("shared_expert_intermediate_size"),
                },
            },
            fields);
    }

    /// <summary>Writes the same.</summary>
    public static void Write(DecoderConfig config, JsonObject fields)
    {
        var experts = config.Experts!;
        fields["num_experts"] = experts.Count;
        fields["num_experts_per_tok"] = experts.PerToken;
        fields["moe_intermediate_size"] = experts.InnerSize;
        fields["norm_topk_prob"] = experts.Renormalise;
        fields["decoder_sparse_step"] = 1;
        fields["mlp_only_layers"] = new JsonArray(
            [.. Enumerable.Range(0, config.Layers.Count).Where(i => !config.Layers[i].Experts).Select(
                i => (JsonNode)i)]);
        QwenWindows.Write(config, fields);
    }

    /// <summary>Gives the number of experts the name that version 4 knows.</summary>
    public static void Respell(JsonObject fields)
    {
        RopeFields.Respell(fields);
        if (fields["num_local_experts"] is { } count)
        {
            fields.Remove("num_local_experts");
            fields["num_experts"] = count;
        }
    }
}
