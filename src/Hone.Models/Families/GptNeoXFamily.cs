using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>GPT-NeoX and Pythia: attention and feed-forward part side by side, a part of each head rotates, one matrix
/// laid out head by head.</summary>
/// <remarks>arXiv:2204.06745, arXiv:2304.01373.</remarks>
public sealed class GptNeoXFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gpt_neox";

    /// <inheritdoc/>
    public string Architecture => "GPTNeoXForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var theta = fields.Number("rotary_emb_base", 10000);
        var part = fields.Number("rotary_pct", 0.25);
        var config = LlamaFields.Read(fields, theta: theta, part: part, epsilon: "layer_norm_eps");
        var bias = fields.Flag("attention_bias", true);
        return config with
        {
            Attention = config.Attention with { InputBias = bias, OutputBias = bias },
            FeedForward = config.FeedForward with
            {
                Activation = ActivationNames.Read(fields, "hidden_act", "gelu"),
                Gated = false,
                Bias = true,
            },
            Norm = config.Norm with { Kind = NormKind.Layer },
            Residual = fields.Flag("use_parallel_residual", true) ? ResidualKind.Parallel : ResidualKind.Sequential,
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        LayerNormFields.Rename(fields);
        fields["attention_bias"] = config.Attention.InputBias;
        fields["use_parallel_residual"] = config.Residual == ResidualKind.Parallel;
        fields["partial_rotary_factor"] = LayerNormFields.PartThatTurns(config);
        RenameRotation(fields);
        return fields;
    }

    /// <inheritdoc/>
    public void Respell(JsonObject fields)
    {
        RopeFields.Respell(fields);
        RenameRotation(fields);
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new()
    {
        Embedding = "gpt_neox.embed_in",
        Head = "embed_out",
        FinalNorm = "gpt_neox.final_layer_norm",
        LayerPrefix = "gpt_neox.layers.",
        Query = "attention.query_key_value",
        AttentionInputs = ProjectionLayout.HeadByHead,
        Output = "attention.dense",
        Up = "mlp.dense_h_to_4h",
        Down = "mlp.dense_4h_to_h",
    };

    private static void RenameRotation(JsonObject fields)
    {
        foreach (var (from, to) in new[] { ("rope_theta", "rotary_emb_base"), ("partial_rotary_factor", "rotary_pct") })
        {
            if (fields[from] is { } value)
            {
                fields.Remove(from);
                fields[to] = value;
            }
        }
    }
}
