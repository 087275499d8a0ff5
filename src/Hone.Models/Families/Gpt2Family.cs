using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>GPT-2: learned positions, LayerNorm, matrices stored with a row for each input, a tied head.</summary>
/// <remarks>Radford et al., "Language models are unsupervised multitask learners", 2019. The original files leave out
/// <c>transformer.</c>.</remarks>
public sealed class Gpt2Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gpt2";

    /// <inheritdoc/>
    public string Architecture => "GPT2LMHeadModel";

    /// <inheritdoc/>
    public DecoderConfig Read(ConfigFields fields)
    {
        var (hidden, heads) = (fields.Count("n_embd"), fields.Count("n_head"));
        var config = new DecoderConfig
        {
            ModelType = ModelType,
            VocabularySize = fields.Count("vocab_size"),
            HiddenSize = hidden,
            MaxPositions = fields.Count("n_positions"),
            LearnedPositions = true,
            Attention = new AttentionConfig
            {
                HeadCount = heads,
                KeyValueHeadCount = heads,
                HeadSize = hidden / heads,
                Scale = fields.Flag("scale_attn_weights", true) ? Math.Pow(hidden / heads, -0.5) : 1,
                InputBias = true,
                OutputBias = true,
                ScaleByLayer = fields.Flag("scale_attn_by_inverse_layer_idx", false),
            },
            FeedForward = new FeedForwardConfig
            {
                InnerSize = fields.Count("n_inner", 4 * hidden),
                Activation = ActivationNames.Read(fields, "activation_function", "gelu_new"),
                Gated = false,
                Bias = true,
            },
            Norm = new NormConfig(NormKind.Layer, fields.Number("layer_norm_epsilon", 1e-5)),
            Layers = ValueList.Create<LayerConfig>(new LayerConfig[fields.LayerCount("n_layer")]),
            TiedHead = fields.Flag("tie_word_embeddings", true),
            InitialDeviation = fields.Number("initializer_range", 0.02),
            StorageType = StorageTypeNames.Read(fields),
        };
        return LlamaFields.Checked(config, fields);
    }

    /// <inheritdoc/>
    public JsonObject Write(DecoderConfig config) => new()
    {
        ["activation_function"] = config.FeedForward.Activation == Activation.GeluTanh
            ? "gelu_new"
            : ActivationNames.Of(config.FeedForward.Activation),
        ["architectures"] = new JsonArray(Architecture),
        ["initializer_range"] = config.InitialDeviation,
        ["layer_norm_epsilon"] = config.Norm.Epsilon,
        ["model_type"] = ModelType,
        ["n_ctx"] = config.MaxPositions,
        ["n_embd"] = config.HiddenSize,
        ["n_head"] = config.Attention.HeadCount,
        ["n_inner"] = config.FeedForward.InnerSize,
        ["n_layer"] = config.Layers.Count,
        ["n_positions"] = config.MaxPositions,
        ["scale_attn_by_inverse_layer_idx"] = config.Attention.ScaleByLayer,
        ["scale_attn_weights"] = config.Attention.Scale != 1,
        ["tie_word_embeddings"] = config.TiedHead,
        ["torch_dtype"] = StorageTypeNames.Of(config.StorageType),
        ["vocab_size"] = config.VocabularySize,
    };

    /// <inheritdoc/>
    public DecoderNames Names(DecoderConfig config) => new()
    {
        OptionalPrefix = "transformer.",
        Embedding = "transformer.wte",
        Positions = "transformer.wpe",
        LayerPrefix = "transformer.h.",
        FinalNorm = "transformer.ln_f",
        AttentionNorm = "ln_1",
        Query = "attn.c_attn",
        AttentionInputs = ProjectionLayout.OneAfterTheOther,
        Output = "attn.c_proj",
        FeedForwardNorm = "ln_2",
        Up = "mlp.c_fc",
        Down = "mlp.c_proj",
        InputMajor = true,
    };
}
