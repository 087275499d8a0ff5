using Hone.Models;
using Hone.Models.Configuration;
using Hone.Models.Generation;

namespace Hone.Cli.Tests;

/// <summary>A random Llama of two layers over <see cref="TinyTokenizer"/>, with a context of 64 tokens.</summary>
internal static class TinyModel
{
    public const int Context = 64;

    private static readonly DecoderConfig Config = new()
    {
        ModelType = "llama",
        VocabularySize = TinyTokenizer.Size,
        HiddenSize = 32,
        MaxPositions = Context,
        Attention = new AttentionConfig
        {
            HeadCount = 4,
            KeyValueHeadCount = 2,
            HeadSize = 8,
            Scale = Math.Pow(8, -0.5),
        },
        FeedForward = new FeedForwardConfig { InnerSize = 48, Activation = Activation.Silu },
        Norm = new NormConfig(NormKind.Rms, 1e-5),
        Layers = ValueList.Create<LayerConfig>(new LayerConfig[2]),
        Rotary = new RotaryConfig(10000, 8, new RopeScaling.None()),
        TiedHead = true,
        InitialDeviation = 0.2,
    };

    /// <summary>Writes the model folder.</summary>
    public static void Write(string folder, params int[] stopTokens)
    {
        Directory.CreateDirectory(folder);
        TinyTokenizer.Write(folder);
        var generation = new GenerationDefaults([.. stopTokens], new SamplingOptions { Temperature = 0 });
        using var model = ModelFolder.Of(Decoder.Create(Config, seed: 1), generation, folder);
        model.Save(folder);
    }
}
