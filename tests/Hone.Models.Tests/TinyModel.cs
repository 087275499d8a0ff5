using Hone.Models.Configuration;

namespace Hone.Models.Tests;

/// <summary>The smallest Llama that has grouped heads and two layers.</summary>
internal static class TinyModel
{
    /// <summary>A page of 16 tokens: 2 layers · 2 heads · (keys of 4 numbers and values of 16, filled up) · 16 · 4
    /// bytes.</summary>
    public const int PageBytes = 5120;

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
