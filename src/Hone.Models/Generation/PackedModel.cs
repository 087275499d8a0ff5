using Hone.Models.Configuration;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>
/// A decoder's weights as the fused step reads them: one arena, packed again when weights have changed.
/// </summary>
/// <param name="config">The architecture; the fused step covers it.</param>
/// <param name="parts">Where the weights are.</param>
/// <param name="clock">Says when they have changed and what to compute in.</param>
/// <param name="stored">The blocks of the file that they came from, or null.</param>
internal sealed class PackedModel(DecoderConfig config, DecoderParts parts, WeightClock clock, StoredBlocks? stored)
    : IDisposable
{
    private Tensor? _arena;
    private long _packedAt;
    private GenerationWeights _packedAs;

    /// <summary>The embeddings of tokens, as they are stored.</summary>
    public Tensor Embedding => parts.Embedding.Value;

    /// <summary>The packed weights of now; this object owns them.</summary>
    /// <param name="weights">How they are kept.</param>
    public Tensor Arena(GenerationWeights weights)
    {
        if (_packedAs != weights)
        {
            Release();
        }

        if (_arena is null || _packedAt != clock.Version)
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            using var blocks = weights == GenerationWeights.Stored ? stored!.Open() : null;
            PackedLayer[] layers = [.. parts.Layers.Select(layer => new PackedLayer(layer, config, weights, blocks))];
            var head = PackedMatrix.Of([parts.Head], parts.Head.Value,
                weights == GenerationWeights.Int4 ? GenerationWeights.Int8 : weights, blocks);
            WeightCode[] codes = [.. layers.SelectMany(layer => layer.Codes), head.Code];
            _arena ??= TensorScope.Detach(Fused.DecoderArena(FusedDialect.Shape(config), clock.ComputeType, codes));
            Fused.DecoderPack(_arena,
                [.. layers.SelectMany(layer => layer.Weights), PackedLayer.WeightOf(parts.FinalNorm)!, head.Weights]);
            (_packedAt, _packedAs) = (clock.Version, weights);
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
}
