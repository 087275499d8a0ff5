using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>The fields of <c>config.json</c> that Llama and the families after it spell alike.</summary>
internal static class LlamaFields
{
    /// <summary>Reads what is common, and nothing that a family has of its own.</summary>
    /// <param name="fields">The top of <c>config.json</c>.</param>
    /// <param name="theta">The rotary base of a file that names none.</param>
    /// <param name="tied">Whether the head of a file that does not say is tied.</param>
    /// <param name="part">The part of a head that turns in a file that does not say.</param>
    /// <param name="epsilon">The field with the norms' epsilon.</param>
    /// <param name="activation">The field with the non-linearity.</param>
    public static DecoderConfig Read(
        ConfigFields fields, double theta = 10000, bool tied = false, double part = 1, string epsilon = "rms_norm_eps",
        string activation = "hidden_act")
    {
        var hidden = fields.Count("hidden_size");
        var heads = fields.Count("num_attention_heads");
        var headSize = fields.Count("head_dim", hidden / heads);
        var config = new DecoderConfig
        {
            ModelType = fields.Text("model_type"),
            VocabularySize = fields.Count("vocab_size"),
            HiddenSize = hidden,
            MaxPositions = fields.Count("max_position_embeddings"),
            Attention = new AttentionConfig
            {
                HeadCount = heads,
                KeyValueHeadCount = fields.Count("num_key_value_heads", heads),
                HeadSize = headSize,
                Scale = Math.Pow(headSize, -0.5),
            },
            FeedForward = new FeedForwardConfig
            {
                InnerSize = fields.Count("intermediate_size"),
                Activation = ActivationNames.Read(fields, activation, "silu"),
            },
            Norm = new NormConfig(NormKind.Rms, fields.Number(epsilon, 1e-6)),
            Layers = ValueList.Create<LayerConfig>(new LayerConfig[fields.LayerCount("num_hidden_layers")]),
            Rotary = RopeFields.Read(fields, headSize, theta, part),
            TiedHead = fields.Flag("tie_word_embeddings", tied),
            InitialDeviation = fields.Number("initializer_range", 0.02),
            StorageType = StorageTypeNames.Read(fields),
        };

        return Checked(config, fields);
    }

    /// <summary>Refuses a configuration whose sizes contradict each other.</summary>
    public static DecoderConfig Checked(DecoderConfig config, ConfigFields fields) =>
        DecoderConfigRules.Problems(config).ToArray() is [_, ..] problems
            ? throw new CheckpointException($"{fields.Where}: {string.Join("; ", problems)}")
            : config;

    public static JsonObject Write(DecoderConfig config, string architecture)
    {
        var fields = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["attention_dropout"] = 0.0,
            ["head_dim"] = config.Attention.HeadSize,
            ["hidden_act"] = ActivationNames.Of(config.FeedForward.Activation),
            ["hidden_size"] = config.HiddenSize,
            ["initializer_range"] = config.InitialDeviation,
            ["intermediate_size"] = config.FeedForward.InnerSize,
            ["max_position_embeddings"] = config.MaxPositions,
            ["model_type"] = config.ModelType,
            ["num_attention_heads"] = config.Attention.HeadCount,
            ["num_hidden_layers"] = config.Layers.Count,
            ["num_key_value_heads"] = config.Attention.KeyValueHeadCount,
            ["rms_norm_eps"] = config.Norm.Epsilon,
            ["tie_word_embeddings"] = config.TiedHead,
            ["torch_dtype"] = StorageTypeNames.Of(config.StorageType),
            ["use_cache"] = true,
            ["vocab_size"] = config.VocabularySize,
        };
        if (config.Rotary is { } rotary)
        {
            RopeFields.Write(rotary, fields);
        }

        return fields;
    }
}
