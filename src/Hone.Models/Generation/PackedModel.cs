using Hone.Models.Configuration;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>A decoder's weights as the fused step reads them: one arena, packed again when weights have changed.</summary>
/// <param name="config">The architecture; the fused step covers it.</param>
/// <param name="parts">Where the weights are.</param>
/// <param name="clock">Says when they have changed and what to compute in.</param>
internal sealed class PackedModel(DecoderConfig config, DecoderParts parts, WeightClock clock) : IDisposable
{
    private Tensor? _arena;
    private long _packedAt;

    /// <summary>The embeddings of tokens, as they are stored.</summary>
    public Tensor Embedding => parts.Embedding.Value;

    /// <summary>The packed weights of now; this object owns them.</summary>
    public Tensor Arena()
    {
        if (_arena is null || _packedAt != clock.Version)
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            _arena ??= TensorScope.Detach(Fused.DecoderArena(FusedDialect.Shape(config), clock.ComputeType));
            Fused.DecoderPack(_arena, [.. parts.Layers.SelectMany(Weights), WeightOf(parts.FinalNorm)!, parts.Head.Value]);
            _packedAt = clock.Version;
        }

        return _arena;
    }

    /// <summary>Cosines, sines and rows of each rotation for a batch.</summary>
    /// <param name="positions">Each token's position in its sequence, int64 <c>[token]</c>.</param>
    /// <param name="lengths">The length of each token's sequence.</param>
    public IReadOnlyList<Tensor> Rotations(Tensor positions, ReadOnlySpan<int> lengths)
    {
        var tensors = new List<Tensor>();
        foreach (var table in new[] { parts.Rotary, parts.LocalRotary })
        {
            if (table?.For(positions, lengths) is { } rotation)
            {
                tensors.AddRange([rotation.Cosines, rotation.Sines, rotation.Rows]);
            }
        }

        return tensors;
    }

    /// <summary>Gives the memory back until the weights are asked for again.</summary>
    public void Release()
    {
        _arena?.Dispose();
        _arena = null;
    }

    public void Dispose() => Release();

    // The order that Fused.DecoderPack asks for.
    private IEnumerable<Tensor> Weights(DecoderLayer layer)
    {
        var inputs = (HeadInputs)layer.Attention.Inputs;
        var feed = (GatedFeedForward)layer.FeedForward;
        var (projections, projectionBias) = Whole(inputs.Projections);
        var (gateAndUp, gateAndUpBias) = Whole(feed.GateAndUp);
        long inner = config.FeedForward.InnerSize;
        Tensor?[] weights =
        [
            WeightOf(layer.AttentionNorm),
            projections.Value,
            projectionBias?.Value,
            WeightOf(inputs.QueryNorm),
            WeightOf(inputs.KeyNorm),
            layer.Attention.Output.Weight.Value,
            layer.Attention.Output.Bias?.Value,
            WeightOf(layer.FeedForwardNorm),
            gateAndUp.Value.Narrow(0, 0, inner),
            gateAndUpBias?.Value.Narrow(0, 0, inner),
            gateAndUp.Value.Narrow(0, inner, inner),
            gateAndUpBias?.Value.Narrow(0, inner, inner),
            feed.Down.Weight.Value,
            feed.Down.Bias?.Value,
        ];
        return weights.OfType<Tensor>();
    }

    private static (Parameter Weight, Parameter? Bias) Whole(IProjections projections) => projections switch
    {
        JoinedProjections joined => (joined.Weight, joined.Bias),
        SplitProjections split => (split.Whole.Weight, split.Whole.Bias),
        _ => throw new InvalidOperationException($"the fused step does not know {projections.GetType().Name}"),
    };

    private static Tensor? WeightOf(INorm norm) => (norm as Norm)?.Weight.Value;
}
