using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Mistral: Llama in which every layer may see a window only.</summary>
/// <remarks>arXiv:2310.06825.</remarks>
public sealed class MistralFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "mistral";

    /// <inheritdoc/>
    public string Architecture => "MistralForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields) =>
        LlamaFields.Read(fields) with { Layers = LayerWindows.Read(fields, _ => true) };

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        fields["sliding_window"] = LayerWindows.Window(config) is > 0 and var window ? window : null;
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
