using Hone.Models.Adapters;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Which models the fused step covers, and how it sees them.</summary>
internal static class FusedDialect
{
    /// <summary>
    /// What the fused step does not know about a model, in words that go on "its …"; empty where it covers the model.
    /// </summary>
    public static IEnumerable<string> Obstacles(DecoderConfig config, DType compute)
    {
        var names = ModelFamilies.Of(config.ModelType, "model").Names(config);
        (bool There, string Text)[] obstacles =
        [
            (compute is not (DType.Float32 or DType.BFloat16), $"products are computed in {compute}"),
            (config.Labels is not null, "head scores labels"),
            (config.Norm.Kind == NormKind.Layer, "norms are LayerNorms"),
            (config.Norm.Place != NormPlace.Before, "norms stand after the halves of a layer"),
            (config.Residual != ResidualKind.Sequential, "halves of a layer run side by side"),
            (config.Layers.Any(layer => layer.Experts), "layers have experts"),
            (!config.FeedForward.Gated, "feed-forward part has no gate"),
            (config.FeedForward.Gated && Gate(config.FeedForward.Activation) is null,
                $"gate is {config.FeedForward.Activation}"),
            (config.LearnedPositions, "positions are learned"),
            (config.Attention.Latent is not null, "attention is latent"),
            (config.Attention.QueryKeyNorm is not (QueryKeyNorm.None or QueryKeyNorm.EachHead),
                "queries and keys are normalised across heads"),
            (config.Attention.ScaleByLayer, "scores are divided by the layer's number"),
            (names.AttentionInputs == ProjectionLayout.HeadByHead, "queries, keys and values are stored head by head"),
            (names.InputMajor, "matrices are stored with a row for each input"),
        ];
        return obstacles.Where(obstacle => obstacle.There).Select(obstacle => obstacle.Text);
    }

    /// <summary>
    /// What the fused step does not know about adapters, in words that go on "its …"; empty where it covers them.
    /// </summary>
    public static IEnumerable<string> Obstacles(Decoder decoder, AdapterCombination adapters)
    {
        var linears = decoder.Modules.AllLinears.Select(linear => linear.Name).ToHashSet(StringComparer.Ordinal);
        var scalable = decoder.Parts.Layers.Select(layer => layer.FeedForward).OfType<GatedFeedForward>()
            .Select(feed => feed.Down.Name).ToHashSet(StringComparer.Ordinal);
        var parts = adapters.Modules.SelectMany(
            module => adapters.PartsOf(module).Reverse().Select((part, later) => (module, later, part.Part))).ToArray();
        (bool There, string Text)[] obstacles =
        [
            (adapters.Virtual is not null, "adapter puts tokens before each sequence"),
            (adapters.ChangesLayers, "adapter stands behind halves of layers"),
            (parts.Any(part => !linears.Contains(part.module)), "adapter changes embeddings or norms"),
            (parts.Any(part => linears.Contains(part.module) && part.Part is not ILowRankPart),
                "adapter changes matrices by more than factors of low rank and vectors"),
            (parts.Any(part => part.Part is ILowRankPart { ScalesInputs: true }
                && (part.later > 0 || !scalable.Contains(part.module))),
                "adapter multiplies what goes into other matrices than down"),
        ];
        return obstacles.Where(obstacle => obstacle.There).Select(obstacle => obstacle.Text);
    }

    /// <summary>The sizes of a model without obstacles.</summary>
    public static DecoderShape Shape(DecoderConfig config) => new()
    {
        Hidden = config.HiddenSize,
        Heads = config.Attention.HeadCount,
        KeyValueHeads = config.Attention.KeyValueHeadCount,
        HeadSize = config.Attention.HeadSize,
        Inner = config.FeedForward.InnerSize,
        Vocabulary = config.VocabularySize,
        Layers = [.. config.Layers.Select(layer => ((long)layer.Window, Rotation(config, layer.Rotary)))],
        Gate = Gate(config.FeedForward.Activation)
            ?? throw new ArgumentException($"no gate is {config.FeedForward.Activation}"),
        NormPlusOne = config.Norm.Kind == NormKind.RmsPlusOne,
        InputBias = config.Attention.InputBias,
        OutputBias = config.Attention.OutputBias,
        FeedForwardBias = config.FeedForward.Bias,
        QueryKeyNorm = config.Attention.QueryKeyNorm == QueryKeyNorm.EachHead,
        Epsilon = config.Norm.Epsilon,
        ScoreScale = config.Attention.Scale,
        ScoreCap = config.Attention.SoftCap,
        EmbeddingScale = config.EmbeddingScale,
        ResidualScale = config.ResidualScale,
        LogitDivisor = config.LogitDivisor,
        LogitCap = config.LogitSoftCap,
    };

    // The place among the rotations of a step: the main one first where there is one.
    private static long Rotation(DecoderConfig config, RotaryUse use) => use switch
    {
        RotaryUse.Main when config.Rotary is not null => 0,
        RotaryUse.Local when config.LocalRotary is not null => config.Rotary is null ? 0 : 1,
        _ => DecoderShape.NoRotation,
    };

    private static GateKind? Gate(Activation activation) => activation switch
    {
        Activation.Silu => GateKind.Silu,
        Activation.GeluTanh => GateKind.GeluTanh,
        Activation.Relu => GateKind.Relu,
        _ => null,
    };
}
