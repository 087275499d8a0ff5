using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Gguf;

/// <summary>The keys that describe a model in a GGUF file.</summary>
internal static class GgufDescription
{
    /// <summary>The keys, and the tensors of divisors that some rotations need.</summary>
    /// <exception cref="CheckpointException">GGUF has no place for something of the model.</exception>
    public static (GgufMetadata Metadata, IReadOnlyList<(string Name, double[] Values)> Divisors) Of(
        DecoderConfig config, GgufArchitecture architecture, string name, int fileType)
    {
        const int quantisationVersion = 2;
        if (config.Labels is not null)
        {
            throw new CheckpointException(
                "labels: the model must predict tokens to be written as GGUF, it scores labels; export to safetensors");
        }

        var to = new GgufMetadata(architecture.Name);
        to.Set("general.architecture", architecture.Name);
        to.Set("general.type", "model");
        to.Set("general.name", name);
        to.Set("general.file_type", fileType);
        to.Set("general.quantization_version", quantisationVersion);
        Sizes(config, to);
        var divisors = config.Rotary is { } rotary ? GgufRotation.Write(rotary, to).ToList() : [];
        architecture.Write(config, to);
        return (to, divisors);
    }

    /// <summary>The model that is written in place of one with a window in every layer, which llama has no key for: the
    /// same within a context of that window.</summary>
    public static DecoderConfig InPlaceOf(DecoderConfig config) =>
        config.ModelType is "mistral" or "mixtral" && config.Layers[0].Window is > 0 and var window
            ? config with
            {
                MaxPositions = Math.Min(window, config.MaxPositions),
                Layers = [.. config.Layers.Select(layer => layer with { Window = 0 })],
            }
            : config;

    /// <summary>Refuses a file, and removes it, that does not say of the model what the model is.</summary>
    /// <param name="written">The file.</param>
    /// <param name="path">What it is to be called.</param>
    /// <param name="config">The model.</param>
    /// <exception cref="CheckpointException">Something of the model is lost in the file.</exception>
    public static void RequireSame(string written, string path, DecoderConfig config)
    {
        DecoderConfig read;
        using (var file = GgufFile.Open(written))
        {
            read = ModelFamilies.Read(GgufConfig.Read(file));
        }

        if (Comparable(read) != Comparable(config))
        {
            File.Delete(written);
            throw new CheckpointException(
                $"{path}: a GGUF file must say all of the model, it has no place for "
                    + $"{Difference(Comparable(config), Comparable(read))}; export to safetensors");
        }
    }

    // Mistral is Llama in GGUF; single precision rounds numbers; a type for storing is not part of the model.
    private static DecoderConfig Comparable(DecoderConfig config) => config with
    {
        ModelType = config.ModelType == "mistral" ? "llama" : config.ModelType,
        StorageType = Torch.DType.Float32,
        InitialDeviation = 0,
        MaxPositions = config.ContextLength,
        Norm = config.Norm with { Epsilon = Rounded(config.Norm.Epsilon) },
        EmbeddingScale = Rounded(config.EmbeddingScale),
        ResidualScale = Rounded(config.ResidualScale),
        LogitDivisor = Rounded(config.LogitDivisor),
        LogitSoftCap = Rounded(config.LogitSoftCap),
        Attention = config.Attention with
        {
            Scale = Rounded(config.Attention.Scale),
            SoftCap = Rounded(config.Attention.SoftCap),
        },
        Rotary = config.Rotary is null ? null : Comparable(config.Rotary),
        LocalRotary = config.LocalRotary is null ? null : Comparable(config.LocalRotary),
    };

    private static RotaryConfig Comparable(RotaryConfig rotary) => rotary with
    {
        Theta = Rounded(rotary.Theta),
        Scaling = rotary.Scaling switch
        {
            RopeScaling.Linear linear => new RopeScaling.Linear(Rounded(linear.Factor)),
            RopeScaling.Yarn yarn => yarn with { Factor = Rounded(yarn.Factor), Amplitude = Rounded(yarn.Amplitude) },
            RopeScaling.Long scaling => scaling with
            {
                Amplitude = Rounded(scaling.Amplitude),
                ShortDivisors = [.. scaling.ShortDivisors.Select(Rounded)],
                LongDivisors = [.. scaling.LongDivisors.Select(Rounded)],
            },
            var other => other,
        },
    };

    private static double Rounded(double value) => (float)value;

    private static string Difference(DecoderConfig model, DecoderConfig read) => (model, read) switch
    {
        _ when model.Attention != read.Attention => $"{model.Attention}, only for {read.Attention}",
        _ when model.FeedForward != read.FeedForward => $"{model.FeedForward}, only for {read.FeedForward}",
        _ when model.Experts != read.Experts => $"{model.Experts}, only for {read.Experts}",
        _ when model.Norm != read.Norm => $"{model.Norm}, only for {read.Norm}",
        _ when model.Rotary != read.Rotary => $"{model.Rotary}, only for {read.Rotary}",
        _ when model.LocalRotary != read.LocalRotary => $"{model.LocalRotary}, only for {read.LocalRotary}",
        _ when model.Layers != read.Layers => $"layers {model.Layers}, only for {read.Layers}",
        _ => $"{model}, only for {read}",
    };

    private static void Sizes(DecoderConfig config, GgufMetadata to)
    {
        var heads = config.Attention;
        to.Count("vocab_size", config.VocabularySize);
        to.Count("context_length", config.ContextLength);
        to.Count("embedding_length", config.HiddenSize);
        to.Count("block_count", config.Layers.Count);
        to.Count("feed_forward_length", config.FeedForward.InnerSize);
        to.Count("attention.head_count", heads.HeadCount);
        to.Count("attention.head_count_kv", heads.KeyValueHeadCount);
        to.Count("attention.key_length", heads.HeadSize);
        to.Count("attention.value_length", heads.ValueSize);
        to.Number(
            config.Norm.Kind == NormKind.Layer ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon",
            config.Norm.Epsilon);
        if (config.Rotary is { } rotary)
        {
            to.Number("rope.freq_base", rotary.Theta);
            to.Count("rope.dimension_count", rotary.Dimensions);
        }
    }
}
