using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Which layers see only a window, as <c>config.json</c> says it.</summary>
internal static class LayerWindows
{
    private const string Sliding = "sliding_attention";
    private const string Full = "full_attention";

    /// <summary>The layers of a model.</summary>
    /// <param name="fields">The top of <c>config.json</c>.</param>
    /// <param name="slides">Whether a layer slides where the file has no list of layer types.</param>
    public static ValueList<LayerConfig> Read(ConfigFields fields, Func<int, bool> slides)
    {
        var window = fields.Count("sliding_window", 0);
        var types = fields.Texts("layer_types");
        var layers = new LayerConfig[fields.LayerCount("num_hidden_layers")];
        if (types is not null && types.Length != layers.Length)
        {
            throw fields.Wrong(
                "layer_types", $"a list of {layers.Length} types, one a layer", $"{types.Length} of them");
        }

        for (var i = 0; i < layers.Length; i++)
        {
            var sliding = types?[i] switch
            {
                null => slides(i),
                Sliding => true,
                Full => false,
                var other => throw fields.Wrong("layer_types", $"a list of {Full} and {Sliding}", $"\"{other}\""),
            };
            layers[i] = new LayerConfig(sliding ? window : 0);
        }

        return ValueList.Create<LayerConfig>(layers);
    }

    /// <summary>Writes the window and the list of types.</summary>
    public static void Write(DecoderConfig config, JsonObject fields)
    {
        fields["sliding_window"] = Window(config) is > 0 and var window ? window : null;
        fields["layer_types"] =
            new JsonArray([.. config.Layers.Select(layer => (JsonNode)(layer.Window > 0 ? Sliding : Full))]);
    }

    /// <summary>The window of the layers that have one, or 0.</summary>
    public static int Window(DecoderConfig config) => config.Layers.Max(layer => layer.Window);
}
