using Hone.Models.Configuration;

namespace Hone.Models.Tests;

/// <summary>The smallest Llama that has grouped heads and two layers.</summary>
internal static class TinyModel
{
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
