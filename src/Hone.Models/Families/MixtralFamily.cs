using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Mixtral: Mistral with experts in every layer.</summary>
/// <remarks>arXiv:2401.04088.</remarks>
public sealed class MixtralFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "mixtral";

    /// <inheritdoc/>
    public string Architecture => "MixtralForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields, theta: 1_000_000);
        var layers = LayerWindows.Read(fields, _ => true);
        return LlamaFields.Checked(
            config with
            {
                Layers = ValueList.Create<LayerConfig>([.. layers.Select(layer => layer with { Experts = true })]),
                Experts = new ExpertConfig
                {
                    Count = fields.Count("num_local_experts", 8),
                    PerToken = fields.Count("num_experts_per_tok", 2),
                    InnerSize = config.FeedForward.InnerSize,
                    Renormalise = true,
                },
            },
            fields);
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["sliding_window"] = LayerWindows.Window(config) is > 0 and var window ? window : null;
        fields["num_local_experts"] = config.Experts!.Count;
        fields["num_experts_per_tok"] = config.Experts.PerToken;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new()
    {
        Router = "block_sparse_moe.gate",
        ExpertPrefix = "block_sparse_moe.experts.",
        ExpertGate = "w1",
        ExpertUp = "w3",
        ExpertDown = "w2",
    };
}
