using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Windows as the Qwen families spell them: a switch, and the first layer that slides.</summary>
internal static class QwenWindows
{
    public static ValueList<LayerConfig> Read(ConfigFields fields)
    {
        var first = fields.Has("max_window_layers") ? fields.Integer("max_window_layers") : 28;
        return fields.Flag("use_sliding_window", false)
            ? LayerWindows.Read(fields, layer => layer >= first)
            : ValueList.Create<LayerConfig>(new LayerConfig[fields.LayerCount("num_hidden_layers")]);
    }

    public static void Write(DecoderConfig config, JsonObject fields)
    {
        LayerWindows.Write(config, fields);
        var first = config.Layers.TakeWhile(layer => layer.Window == 0).Count();
        fields["use_sliding_window"] = first < config.Layers.Count;
        fields["max_window_layers"] = first;
    }
}
