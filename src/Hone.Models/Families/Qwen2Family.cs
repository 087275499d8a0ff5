using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Qwen2 and Qwen2.5: Llama with biases on queries, keys and values.</summary>
/// <remarks>arXiv:2407.10671.</remarks>
public sealed class Qwen2Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "qwen2";

    /// <inheritdoc/>
    public string Architecture => "Qwen2ForCausalLM";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var config = LlamaFields.Read(fields);
        return config with
        {
            Attention = config.Attention with { InputBias = true },
            Layers = QwenWindows.Read(fields),
        };
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config)
    {
        var fields = LlamaFields.Write(config, Architecture);
        QwenWindows.Write(config, fields);
        return fields;
    }

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new();
}
