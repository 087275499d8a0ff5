using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Gguf;

/// <summary>The families whose GGUF files can be read and written.</summary>
internal static class GgufArchitectures
{
    private const string Window = "attention.sliding_window";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GgufArchitecture> All { get; } =
    [
        new("llama", "llama") { RotatesNeighbours = true, Read = ReadBiases },
        new("llama", "mistral") { RotatesNeighbours = true },
        new("llama", "mixtral") { RotatesNeighbours = true, Read = ReadMixtral, Write = WriteExperts },
        new("qwen2", "qwen2"),
        new("qwen2moe", "qwen2_moe") { Read = ReadQwenExperts, Write = WriteExperts },
        new("qwen3", "qwen3"),
        new("qwen3moe", "qwen3_moe") { Read = ReadQwenExperts, Write = WriteExperts },
        new("gemma", "gemma"),
        new("gemma2", "gemma2") { Read = ReadGemma2, Write = WriteGemma },
        new("gemma3", "gemma3_text") { Read = ReadGemma3, Write = WriteGemma },
        new("granite", "granite") { RotatesNeighbours = true, Read = ReadGranite, Write = WriteGranite },
        new("olmo2", "olmo2"),
        new("smollm3", "smollm3") { RotatesNeighbours = true },
        new("phi3", "phi3") { Read = ReadPhi3, Write = WriteWindow },
        new("gpt2", "gpt2") { Read = ReadGpt2 },
    ];

    /// <summary>The architecture of a file.</summary>
    /// <exception cref="FormatException">It is not among those that can be read.</exception>
    public static GgufArchitecture Of(GgufKeys keys, string name) =>
        All.FirstOrDefault(one =>
            one.Name == name && (one.ModelType == "mixtral") == (name == "llama" && keys.Count("expert_count", 0) > 0))
        ?? throw new FormatException(
            $"has the architecture {name} (general.architecture), which is not supported; supported are "
                + $"{string.Join(", ", Names)}");

    /// <summary>The architecture that a model is written as, or null.</summary>
    public static GgufArchitecture? For(string modelType) => All.FirstOrDefault(one => one.ModelType == modelType);

    /// <summary>The names that a file may have.</summary>
    public static IEnumerable<string> Names => All.Select(one => one.Name).Distinct();

    private static void ReadBiases(GgufKeys keys, JsonObject fields)
    {
        fields["attention_bias"] = keys.HasTensor("blk.0.attn_output.bias");
        fields["mlp_bias"] = keys.HasTensor("blk.0.ffn_down.bias");
        if (keys.HasTensor("blk.0.attn_q.bias") != keys.HasTensor("blk.0.attn_output.bias"))
        {
            throw new FormatException(
                "has biases of queries without biases of the output, or the reverse, which llama has not");
        }
    }

    private static void ReadMixtral(GgufKeys keys, JsonObject fields)
    {
        fields["num_local_experts"] = keys.Count("expert_count");
        fields["num_experts_per_tok"] = keys.Count("expert_used_count");
    }

    private static void ReadQwenExperts(GgufKeys keys, JsonObject fields)
    {
        fields["num_experts"] = keys.Count("expert_count");
        fields["num_experts_per_tok"] = keys.Count("expert_used_count");
        fields["moe_intermediate_size"] = keys.Count("expert_feed_forward_length");
        if (keys.Has("expert_shared_feed_forward_length"))
        {
            fields["shared_expert_intermediate_size"] = keys.Count("expert_shared_feed_forward_length");
        }

        fields["mlp_only_layers"] = new JsonArray([.. Enumerable.Range(0, keys.Count("block_count"))
            .Where(layer => !keys.HasTensor($"blk.{layer}.ffn_gate_inp.weight"))
            .Select(layer => (JsonNode)layer)]);

        // Whether the weights of a token's experts add up to 1 is not in the file: Qwen3's do, Qwen2's do not.
        fields["norm_topk_prob"] = fields["model_type"]!.GetValue<string>() == "qwen3_moe";
    }

    private static void WriteExperts(DecoderConfig config, GgufMetadata to)
    {
        var experts = config.Experts!;
        to.Count("expert_count", experts.Count);
        to.Count("expert_used_count", experts.PerToken);
        if (config.ModelType == "mixtral")
        {
            return;
        }

        to.Count("expert_feed_forward_length", experts.InnerSize);
        if (experts.SharedInnerSize > 0)
        {
            to.Count("expert_shared_feed_forward_length", experts.SharedInnerSize);
        }
    }

    private static void ReadGemma2(GgufKeys keys, JsonObject fields)
    {
        ReadGemma(keys, fields, layersOfUnusualScale: 46);
        fields["attn_logit_softcapping"] = keys.Number("attn_logit_softcapping", 50);
        fields["final_logit_softcapping"] = keys.Number("final_logit_softcapping", 30);
    }

    private static void ReadGemma3(GgufKeys keys, JsonObject fields)
    {
        ReadGemma(keys, fields, layersOfUnusualScale: 62);
        fields["rope_local_base_freq"] = keys.Number("rope.freq_base_swa", 10000);
        fields["sliding_window_pattern"] = 6;
        if (keys.Has("final_logit_softcapping"))
        {
            fields["final_logit_softcapping"] = keys.Number("final_logit_softcapping");
        }
    }

    // The factor of scores is not in the file; those of 27 billion weights, known by their layers, have another one.
    private static void ReadGemma(GgufKeys keys, JsonObject fields, int layersOfUnusualScale)
    {
        fields["sliding_window"] = keys.Count(Window);
        fields["query_pre_attn_scalar"] = keys.Count("block_count") == layersOfUnusualScale
            ? (double)keys.Count("embedding_length") / keys.Count("attention.head_count")
            : fields["head_dim"]!.GetValue<int>();
    }

    private static void WriteGemma(DecoderConfig config, GgufMetadata to)
    {
        WriteWindow(config, to);
        if (config.Attention.SoftCap > 0)
        {
            to.Number("attn_logit_softcapping", config.Attention.SoftCap);
        }

        if (config.LogitSoftCap > 0)
        {
            to.Number("final_logit_softcapping", config.LogitSoftCap);
        }

        if (config.LocalRotary is { } local)
        {
            to.Number("rope.freq_base_swa", local.Theta);
        }
    }

    private static void WriteWindow(DecoderConfig config, GgufMetadata to)
    {
        if (config.Layers.Max(layer => layer.Window) is > 0 and var window)
        {
            to.Count(Window, window);
        }
    }

    private static void ReadGranite(GgufKeys keys, JsonObject fields)
    {
        ReadBiases(keys, fields);
        fields["attention_multiplier"] =
            keys.Number("attention.scale", 1 / Math.Sqrt(fields["head_dim"]!.GetValue<int>()));
        fields["embedding_multiplier"] = keys.Number("embedding_scale", 1);
        fields["residual_multiplier"] = keys.Number("residual_scale", 1);
        fields["logits_scaling"] = keys.Number("logit_scale", 1);
    }

    private static void WriteGranite(DecoderConfig config, GgufMetadata to)
    {
        to.Number("attention.scale", config.Attention.Scale);
        to.Number("embedding_scale", config.EmbeddingScale);
        to.Number("residual_scale", config.ResidualScale);
        to.Number("logit_scale", config.LogitDivisor);
    }

    private static void ReadPhi3(GgufKeys keys, JsonObject fields)
    {
        var turning = keys.Count("rope.dimension_count", fields["head_dim"]!.GetValue<int>());
        fields["partial_rotary_factor"] = (double)turning / fields["head_dim"]!.GetValue<int>();
        if (keys.Count(Window, 0) is > 0 and var window)
        {
            fields["sliding_window"] = window;
        }
    }

    private static void ReadGpt2(GgufKeys keys, JsonObject fields)
    {
        fields["n_embd"] = keys.Count("embedding_length");
        fields["n_head"] = keys.Count("attention.head_count");
        fields["n_layer"] = keys.Count("block_count");
        fields["n_positions"] = keys.Count("context_length");
        fields["n_inner"] = keys.Count("feed_forward_length");
        fields["layer_norm_epsilon"] = keys.Number("attention.layer_norm_epsilon");
    }
}
