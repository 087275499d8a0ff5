using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>What DeepSeek-V2 and V3 spell alike: latent attention, and experts from a layer on.</summary>
internal static class DeepSeekFields
{
    public static DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        var latent = new LatentConfig(
            fields.Count("q_lora_rank", 0), fields.Count("kv_lora_rank"), fields.Count("qk_nope_head_dim"),
            fields.Count("qk_rope_head_dim"), fields.Count("v_head_dim"));
        var headSize = latent.PlainSize + latent.RotarySize;
        var bias = fields.Flag("attention_bias", false);
        var rotary = RopeFields.Read(fields, latent.RotarySize, 10000);
        var dense = fields.Has("first_k_dense_replace") ? fields.Integer("first_k_dense_replace") : 0;
        return config with
        {
            Attention = config.Attention with
            {
                KeyValueHeadCount = config.Attention.HeadCount,
                HeadSize = headSize,
                Latent = latent,
                Scale = Math.Pow(headSize, -0.5) * ScoreFactor(rotary),
                InputBias = bias,
                OutputBias = bias,
            },
            Rotary = rotary,
            Layers = ValueList.Create<LayerConfig>(
                [.. Enumerable.Range(0, config.Layers.Count).Select(i => new LayerConfig(Experts: i >= dense))]),
            Experts = new ExpertConfig
            {
                Count = fields.Count("n_routed_experts"),
                PerToken = fields.Count("num_experts_per_tok"),
                InnerSize = fields.Count("moe_intermediate_size"),
                Factor = fields.Number("routed_scaling_factor", 1),
                SharedInnerSize = fields.Count("n_shared_experts", 0) * fields.Count("moe_intermediate_size"),
            },
        };
    }

    public static JsonObject Write(DecoderConfig config, string architecture)
    {
        var fields = LlamaFields.Write(config, architecture);
        var (latent, experts) = (config.Attention.Latent!, config.Experts!);
        fields.Remove("head_dim");
        fields["attention_bias"] = config.Attention.InputBias;
        fields["q_lora_rank"] = latent.QueryRank == 0 ? null : latent.QueryRank;
        fields["kv_lora_rank"] = latent.KeyValueRank;
        fields["qk_nope_head_dim"] = latent.PlainSize;
        fields["qk_rope_head_dim"] = latent.RotarySize;
        fields["v_head_dim"] = latent.ValueSize;
        fields["first_k_dense_replace"] = config.Layers.TakeWhile(layer => !layer.Experts).Count();
        fields["n_routed_experts"] = experts.Count;
        fields["num_experts_per_tok"] = experts.PerToken;
        fields["moe_intermediate_size"] = experts.InnerSize;
        fields["routed_scaling_factor"] = experts.Factor;
        fields["n_shared_experts"] = experts.SharedInnerSize == 0 ? null : experts.SharedInnerSize / experts.InnerSize;
        fields["n_group"] = experts.Groups;
        fields["topk_group"] = experts.GroupsPerToken;
        fields["norm_topk_prob"] = experts.Renormalise;
        return fields;
    }

    // (0.1·μ·ln s + 1)²
    private static double ScoreFactor(RotaryConfig rotary)
    {
        var magnitude = rotary.Scaling is RopeScaling.Yarn { ScoreMagnitude: not 0, Factor: > 1 } yarn
            ? (0.1 * yarn.ScoreMagnitude * Math.Log(yarn.Factor)) + 1
            : 1;
        return magnitude * magnitude;
    }
}
