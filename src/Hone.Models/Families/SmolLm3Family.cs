using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>SmolLM3: some layers do not rotate, and may see a window instead.</summary>
/// <remarks>Layers without rotation: arXiv:2501.18795.</remarks>
public sealed class SmolLm3Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "smollm3";

    /// <inheritdoc/>
    public string Architecture => "SmolLM3ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields, theta: 2_000_000, tied: true);
        var bias = fields.Flag("attention_bias", false);
        return config with
        {
            Attention = config.Attention with { InputBias = bias, OutputBias = bias },
            FeedForward = config.FeedForward with { Bias = fields.Flag("mlp_bias", false) },
            Layers = ReadLayers(fields),
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["attention_bias"] = config.Attention.InputBias;
        fields["mlp_bias"] = config.FeedForward.Bias;
        LayerWindows.Write(config, fields);
        fields["use_sliding_window"] = LayerWindows.Window(config) > 0;
        fields["no_rope_layers"] =
            new JsonArray([.. config.Layers.Select(layer => (JsonNode)(layer.Rotary == RotaryUse.None ? 0 : 1))]);
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();

    private static ValueList<LayerConfig> ReadLayers(ConfigFields fields)
    {
        var count = fields.LayerCount("num_hidden_layers");
        var interval = fields.Count("no_rope_layer_interval", 4);
        var rotates = fields.Has("no_rope_layers") // 1 for a layer that rotates, in spite of the name
            ? Array.ConvertAll(fields.Integers("no_rope_layers"), flag => flag != 0)
            : [.. Enumerable.Range(1, count).Select(number => number % interval != 0)];
        if (rotates.Length != count)
        {
            throw fields.Wrong(
                "no_rope_layers", $"a list of {count} numbers, one a layer", $"{rotates.Length} of them");
        }

        var sliding = fields.Flag("use_sliding_window", false);
        var windows = LayerWindows.Read(fields, layer => sliding && !rotates[layer]);
        return ValueList.Create<LayerConfig>(
            [.. windows.Select((layer, i) => layer with { Rotary = rotates[i] ? RotaryUse.Main : RotaryUse.None })]);
    }
}
