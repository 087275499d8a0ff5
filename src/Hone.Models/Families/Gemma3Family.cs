using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>
/// Gemma 3, text only: most layers see a window and rotate by a base of their own; queries and keys are normalised.
/// </summary>
/// <remarks>arXiv:2503.19786.</remarks>
public sealed class Gemma3Family : IModelFamily
{
    private const string FullLayers = "full_attention";
    private const string SlidingLayers = "sliding_attention";

    /// <inheritdoc/>
    public string ModelType => "gemma3_text";

    /// <inheritdoc/>
    public string Architecture => "Gemma3ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = GemmaFamily.ReadCommon(fields);
        var rotations = fields.Object("rope_parameters");
        var pattern = fields.Count("sliding_window_pattern", fields.Count("_sliding_window_pattern", 6));
        var local =
            rotations?.Object(SlidingLayers)?.Number("rope_theta") ?? fields.Number("rope_local_base_freq", 10000);
        var windows = LayerWindows.Read(fields, layer => (layer + 1) % pattern != 0);
        return config with
        {
            Attention = config.Attention with
            {
                Scale = Math.Pow(fields.Number("query_pre_attn_scalar", 256), -0.5),
                SoftCap = fields.Number("attn_logit_softcapping", 0),
                QueryKeyNorm = QueryKeyNorm.EachHead,
            },
            Norm = config.Norm with { Place = NormPlace.Around },
            LogitSoftCap = fields.Number("final_logit_softcapping", 0),
            Rotary = RopeFields.Read(fields, rotations?.Object(FullLayers), config.Attention.HeadSize, 1_000_000),
            LocalRotary = new RotaryConfig(local, config.Attention.HeadSize, new RopeScaling.None()),
            Layers = ValueList.Create<LayerConfig>(
                [.. windows.Select(
                    layer => layer with { Rotary = layer.Window > 0 ? RotaryUse.Local : RotaryUse.Main })]),
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["hidden_activation"] = ActivationNames.Of(config.FeedForward.Activation);
        fields["attention_bias"] = config.Attention.InputBias;
        fields["rope_local_base_freq"] = config.LocalRotary!.Theta;
        fields["sliding_window_pattern"] = 1 + config.Layers.TakeWhile(layer => layer.Window > 0).Count();
        GemmaScores.Write(config, fields);
        LayerWindows.Write(config, fields);
        return fields;
    }

    /// <inheritdoc/>
    public void Respell(JsonObject fields)
    {
        if (fields["rope_parameters"] is JsonObject rotations && rotations[FullLayers] is JsonObject full)
        {
            fields["rope_local_base_freq"] = rotations[SlidingLayers]?["rope_theta"]?.DeepClone();
            fields["rope_parameters"] = full.DeepClone();
        }

        RopeFields.Respell(fields);
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new() { FeedForwardNorm = "pre_feedforward_layernorm" };
}
