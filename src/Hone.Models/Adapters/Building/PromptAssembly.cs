using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts adapters of virtual tokens together.</summary>
internal static class PromptAssembly
{
    private const string FileName = "prompt_embeddings";
    private const string EmbeddingName = "prompt_encoder.embedding.weight";

    /// <summary>Prefix tuning.</summary>
    public static void Build(AdapterBuilder builder, PrefixConfig config)
    {
        var heads = builder.Modules.Config.Attention;
        if (heads.Latent is not null)
        {
            throw new CheckpointException("adapter PREFIX_TUNING: the model must have keys and values of its own, this "
                + "one makes them of a latent vector");
        }

        var width = (long)heads.KeyValueHeadCount * heads.HeadSize;
        var all = 2L * builder.Modules.Config.Layers.Count * width;
        var values = config.Projection && !builder.IsFromFile
            ? Projected(builder, config, width, all)
            : Stored(builder, config.VirtualTokens, all, config.BeginAtZero, trainable: !config.Projection);
        builder.Virtual = new VirtualPrefix(config.VirtualTokens, values, heads, builder.Modules.Clock.ComputeType);
    }

    /// <summary>Prompt tuning.</summary>
    public static void Build(AdapterBuilder builder, PromptConfig config, Func<string, int[]> tokenize)
    {
        var table = builder.Modules.Embedding.Weight;
        long[] shape = [config.VirtualTokens, builder.Modules.Config.HiddenSize];
        Tensor Rows(long[] tokens) =>
            table.Value.To(DType.Float32).IndexSelect(0, Tensor.From<long>(tokens, tokens.Length));

        var embeddings = builder.Add(
            EmbeddingName,
            shape,
            draws => config.Initial switch
            {
                PromptInitial.Random => draws.Normal(shape, 1),
                PromptInitial.Text => Rows(TextTokens(config, tokenize)),
                PromptInitial.SampleVocab => Rows(draws.Integers(config.VirtualTokens, table.Spec.Shape[0])),
                _ => throw new InvalidOperationException($"unknown start {config.Initial}"),
            },
            fileName: FileName);
        builder.Virtual = Prompt(builder, config.VirtualTokens, builder.Derive(() => embeddings.Value.Clone()));
    }

    /// <summary>P-tuning.</summary>
    public static void Build(AdapterBuilder builder, PTuningConfig config)
    {
        var hidden = builder.Modules.Config.HiddenSize;
        var embeddings = builder.IsFromFile
            ? Stored(builder, config.VirtualTokens, hidden, isZero: false, trainable: false)
            : Encoded(builder, config, hidden);
        builder.Virtual = Prompt(builder, config.VirtualTokens, embeddings);
    }

    /// <summary>The tokens of a text, cut or repeated to the number that is wanted.</summary>
    public static long[] TextTokens(PromptConfig config, Func<string, int[]> tokenize)
    {
        var tokens = tokenize(config.Text ?? throw new CheckpointException(
            "adapter PROMPT_TUNING: a start by text must have prompt_tuning_init_text, it is missing"));
        return tokens.Length > 0
            ? [.. Enumerable.Range(0, config.VirtualTokens).Select(i => (long)tokens[i % tokens.Length])]
            : throw new CheckpointException(
                "adapter PROMPT_TUNING: prompt_tuning_init_text must have at least one token, has none");
    }

    private static VirtualPrompt Prompt(AdapterBuilder builder, int count, Derived embeddings) =>
        new(count, embeddings, builder.Modules.Clock.ComputeType);

    private static Derived Stored(AdapterBuilder builder, int count, long width, bool isZero, bool trainable)
    {
        long[] shape = [count, width];
        var stored = builder.Add(
            EmbeddingName, shape, draws =>
                isZero ? Tensor.Zeros(DType.Float32, shape) : draws.Normal(shape, 1), trainable, FileName);
        return builder.Derive(() => stored.Value.Clone());
    }

    // embedding → Linear → tanh → Linear
    private static Derived Projected(AdapterBuilder builder, PrefixConfig config, long width, long all)
    {
        var embedding = Embedding(builder, config.VirtualTokens, width);
        var inner = Layer(builder, "prompt_encoder.transform.0", width, config.EncoderHidden, isZero: false);
        var outer = Layer(builder, "prompt_encoder.transform.2", config.EncoderHidden, all, isZero: config.BeginAtZero);
        return Saved(builder, [config.VirtualTokens, all], () => outer(inner(embedding.Value).Tanh()));
    }

    private static Derived Encoded(AdapterBuilder builder, PTuningConfig config, long hidden)
    {
        var (embedding, inner) = (Embedding(builder, config.VirtualTokens, hidden), config.EncoderHidden);
        long[] shape = [config.VirtualTokens, hidden];
        if (config.Encoder == PTuningEncoder.Mlp)
        {
            // embedding → Linear → ReLU → Linear → ReLU → Linear
            var first = Layer(builder, "prompt_encoder.mlp_head.0", hidden, inner, isZero: false);
            var second = Layer(builder, "prompt_encoder.mlp_head.2", inner, inner, isZero: false);
            var third = Layer(builder, "prompt_encoder.mlp_head.4", inner, hidden, isZero: false);
            return Saved(builder, shape, () => third(second(first(embedding.Value).Relu()).Relu()));
        }

        // embedding → LSTM in both directions → Linear → ReLU → Linear
        var recurrent = RecurrentLayers.Of(builder, "prompt_encoder.lstm_head", hidden, inner, config.EncoderLayers);
        var up = Layer(builder, "prompt_encoder.mlp_head.0", 2L * inner, 2L * inner, isZero: false);
        var back = Layer(builder, "prompt_encoder.mlp_head.2", 2L * inner, hidden, isZero: false);
        return Saved(builder, shape, () => back(up(recurrent.Apply(embedding.Value)).Relu()));
    }

    private static Derived Saved(AdapterBuilder builder, long[] shape, Func<Tensor> compute)
    {
        var made = builder.Derive(compute);
        builder.Save(new AdapterTensor(FileName, shape, made.Value));
        return made;
    }

    private static Parameter Embedding(AdapterBuilder builder, long count, long width)
    {
        long[] shape = [count, width];
        return builder.Add(EmbeddingName, shape, draws => draws.Normal(shape, 1), fileName: "");
    }

    private static Func<Tensor, Tensor> Layer(
        AdapterBuilder builder, string name, long inputs, long outputs, bool isZero)
    {
        var bound = 1 / Math.Sqrt(inputs);
        Tensor Start(FreshDraws draws, long[] shape) =>
            isZero ? Tensor.Zeros(DType.Float32, shape) : draws.Uniform(shape, bound);

        var weight = builder.Add(
            $"{name}.weight", [outputs, inputs], draws => Start(draws, [outputs, inputs]), fileName: "");
        var bias = builder.Add($"{name}.bias", [outputs], draws => Start(draws, [outputs]), fileName: "");
        return x => x.Linear(weight.Value, bias.Value);
    }
}
