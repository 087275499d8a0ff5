using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>The families that can be read.</summary>
public static class ModelFamilies
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IModelFamily> All { get; } =
    [
        new LlamaFamily(), new MistralFamily(), new Qwen2Family(), new Qwen3Family(),
        new GemmaFamily(), new Gemma2Family(), new Gemma3Family(),
        new GraniteFamily(), new Olmo2Family(), new SmolLm3Family(), new Phi3Family(),
        new Gpt2Family(), new GptNeoXFamily(), new StableLmFamily(),
        new MixtralFamily(), new Qwen2MoeFamily(), new Qwen3MoeFamily(), new DeepSeekV2Family(), new DeepSeekV3Family(),
    ];

    /// <summary>Reads a configuration by the family that it names, with the labels that its head may have.</summary>
    /// <param name="fields">The top of <c>config.json</c>.</param>
    /// <exception cref="CheckpointException">There is no such family, or a field is missing or does not
    /// fit.</exception>
    public static DecoderConfig Read(ConfigFields fields) => LabelFields.Read(fields, Of(fields).Read(fields));

    /// <summary>Writes a configuration in the version-4 spelling by its family.</summary>
    /// <param name="config">The configuration.</param>
    public static JsonObject Write(DecoderConfig config)
    {
        var family = Of(config.ModelType, "model");
        var fields = family.Write(config);
        LabelFields.Write(config, family.Architecture, fields);
        return fields;
    }

    /// <summary>The family that a configuration names.</summary>
    /// <param name="fields">The top of <c>config.json</c>.</param>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public static IModelFamily Of(ConfigFields fields) => Of(fields.Text("model_type"), fields.Where);

    /// <summary>The family of a name.</summary>
    /// <param name="modelType">The name as in <c>config.json</c>.</param>
    /// <param name="where">Where the name stands, for the message.</param>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public static IModelFamily Of(string modelType, string where) =>
        All.FirstOrDefault(family => family.ModelType == modelType)
        ?? throw new CheckpointException(
            $"{where}: \"model_type\" must be a supported family, got \"{modelType}\"; supported are "
                + $"{string.Join(", ", All.Select(family => family.ModelType))}");
}
