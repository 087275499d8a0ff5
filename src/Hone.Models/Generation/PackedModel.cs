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
    private Tensor? _embedding;
    private long _packedAt;
    private GenerationWeights _packedAs;

    /// <summary>The embeddings of tokens, as they are stored; no rows where they are those of the packed
    /// head.</summary>
    public Tensor Embedding => _embedding ?? parts.Embedding.Value;

    /// <summary>Bytes that this object holds.</summary>
    public long Bytes => (_arena?.Count ?? 0) + (_embedding is { } own ? own.Count * own.DType.ByteSize() : 0);

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
            var head = PackedMatrix.Of([parts.Head], parts.Head, HeadOf(weights), blocks);
            WeightCode[] codes = [.. layers.SelectMany(layer => layer.Codes), head.Code];
            _arena ??= TensorScope.Detach(Fused.DecoderArena(FusedDialect.Shape(config), clock.ComputeType, codes));
            Fused.DecoderPack(_arena,
                [.. layers.SelectMany(layer => layer.Weights), PackedLayer.WeightOf(parts.FinalNorm)!, head.Weights]);
            (_packedAt, _packedAs) = (clock.Version, weights);
            _embedding?.Dispose();
            _embedding = parts.Embedding.HasValue ? null : TensorScope.Detach(OwnEmbedding(head, blocks!));
        }

        return _arena;
    }

    /// <summary>About how many bytes the packed weights of an architecture have.</summary>
    /// <param name="config">The architecture; the fused step covers it.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <param name="weights">How they are kept.</param>
    public static long SizeOf(DecoderConfig config, DType compute, GenerationWeights weights)
    {
        const long panel = 32;
        var (heads, hidden, inner) = (config.Attention, (long)config.HiddenSize, (long)config.FeedForward.InnerSize);
        var queries = (long)heads.HeadCount * heads.HeadSize;
        var keys = (long)heads.KeyValueHeadCount * heads.HeadSize;
        long Matrix(long outputs, long inputs, GenerationWeights kept)
        {
            var (block, bytes) = kept switch
            {
                GenerationWeights.Int8 => (128, 128 + 2),
                GenerationWeights.Int4 => (32, 16 + 4),
                _ => (32, 32 * compute.ByteSize()),
            };
            return (outputs + panel - 1) / panel * panel * ((inputs + block - 1) / block * bytes);
        }

        var layer = Matrix(queries + (2 * keys), hidden, weights) + Matrix(hidden, queries, weights)
            + (2 * Matrix(inner, hidden, weights)) + Matrix(hidden, inner, weights);
        return (config.Layers.Count * layer)
            + Matrix(config.VocabularySize, hidden, HeadOf(weights));
    }

    /// <summary>Cosines, sines and rows of each rotation for a batch.</summary>
    /// <param name="positions">Each token's position in its sequence, int64 <c>[token]</c>.</param>
    /// <param name="lengths">The length of each token's sequence.</param>
    public IReadOnlyList<Tensor> Rotations(Tensor positions, ReadOnlySpan<int> lengths)
    {
        var tensors = new List<Tensor>();
        foreach (var table in new[] { parts.Rotations.Main, parts.Rotations.Local })
        {
            if (table?.For(positions, lengths) is { } rotation)
            {
                tensors.AddRange([rotation.Cosines, rotation.Sines, rotation.Rows]);
            }
        }

        return tensors;
    }

    private static GenerationWeights HeadOf(GenerationWeights weights) =>
        weights == GenerationWeights.Int4 ? GenerationWeights.Int8 : weights;

    // Where numbers are not held: the head in the file's own blocks stands for the very same ones.
    private Tensor OwnEmbedding(PackedMatrix head, StoredBlocks.OpenBlocks blocks) =>
        ReferenceEquals(parts.Head, parts.Embedding) && head.Weights.DType == DType.UInt8
            ? Tensor.Empty(DType.Float32, 0, config.HiddenSize)
            : blocks.Numbers([parts.Embedding.Spec]);

    /// <summary>Gives the memory back until the weights are asked for again.</summary>
    public void Release()
    {
        _arena?.Dispose();
        _embedding?.Dispose();
        (_arena, _embedding) = (null, null);
    }

    public void Dispose() => Release();
}
