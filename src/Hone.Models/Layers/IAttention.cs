using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Which tokens see which: segments of a packed row, or pages of a cache.</summary>
internal interface IAttention
{
    /// <summary>Attends from queries to keys and values of this layer.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="query"><c>[token, head, dim]</c>, rotated.</param>
    /// <param name="key"><c>[token, kv_head, dim]</c>, rotated.</param>
    /// <param name="value"><c>[token, kv_head, dim]</c>.</param>
    /// <param name="terms">Scale, window and soft-cap of the layer.</param>
    /// <returns><c>[token, head, dim]</c>.</returns>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, in AttentionTerms terms);
}

/// <summary>How a layer scores.</summary>
/// <param name="Scale">Factor of the scores.</param>
/// <param name="Window">Positions a token sees, itself included; 0 for all before it.</param>
/// <param name="SoftCap">c of c·tanh(score/c), or 0.</param>
internal readonly record struct AttentionTerms(double Scale, int Window, double SoftCap);

/// <summary>
/// Each token sees those before it in its own segment, and those of the segment that this one goes on from.
/// </summary>
/// <param name="segmentStarts">Where segments begin and the last one ends, int64 <c>[segment + 1]</c>.</param>
/// <param name="parents">The segment that each goes on from, or −1, int64 <c>[segment]</c>; null where none
/// does.</param>
internal sealed class SegmentedAttention(Tensor segmentStarts, Tensor? parents = null) : IAttention
{
    /// <summary>The attention of a batch; a tensor of parents belongs to the scope that is open.</summary>
    public static SegmentedAttention Of(TokenBatch batch) => new(
        batch.SegmentStarts,
        batch.SegmentParents is [] ? null : Tensor.Of<long>([.. batch.SegmentParents.Select(parent => (long)parent)]));

    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, in AttentionTerms terms) =>
        Fused.SegmentAttention(query, key, value, segmentStarts, terms.Scale, terms.Window, terms.SoftCap, parents);
}
