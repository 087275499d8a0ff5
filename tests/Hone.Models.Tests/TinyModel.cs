using Hone.Models.Configuration;

namespace Hone.Models.Tests;

/// <summary>The smallest Llama that has grouped heads and two layers.</summary>
internal static class TinyModel
{
    /// <summary>A page of 16 tokens: 2 layers · 2 heads · (keys of 4 numbers and values of 16, filled up) · 16 · 4
    /// bytes.</summary>
    public const long PageBytes = 5120;

    /// <summary>A model with weights so large that its tokens differ.</summary>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="positions">How long a text may be.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    public static Decoder Varied(ulong seed = 7, int positions = 256, int vocabulary = 32) => Decoder.Create(
        Config() with { InitialDeviation = 0.5, MaxPositions = positions, VocabularySize = vocabulary }, seed);

    public static DecoderConfig Config() => new()
    {
        ModelType = "llama",
        VocabularySize = 32,
        HiddenSize = 16,
        MaxPositions = 64,
        Attention = new AttentionConfig { HeadCount = 4, KeyValueHeadCount = 2, HeadSize = 4, Scale = 0.5 },
        FeedForward = new FeedForwardConfig { InnerSize = 24, Activation = Activation.Silu },
        Norm = new NormConfig(NormKind.Rms, 1e-5),
        Layers = [default, default],
        Rotary = new RotaryConfig(10000, 4, new RopeScaling.None()),
        TiedHead = true,
    };
}
