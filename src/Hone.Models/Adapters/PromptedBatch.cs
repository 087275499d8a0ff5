using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>A packed batch with virtual tokens before each of its segments.</summary>
/// <param name="Batch">The batch as the layers see it: positions count the virtual tokens.</param>
/// <param name="Attention">Attention that sees the virtual tokens.</param>
/// <param name="Inserted">The rows that virtual tokens have among the others; null where they have none.</param>
/// <param name="Kept">The rows of the real tokens, int64 <c>[token]</c>; null where there are no others.</param>
internal sealed record PromptedBatch(TokenBatch Batch, IAttention Attention, InsertedRows? Inserted, Tensor? Kept)
{
    /// <summary>Puts virtual tokens before each segment; the tensors belong to the scope that is open.</summary>
    public static PromptedBatch Of(TokenBatch batch, IVirtualTokens tokens)
    {
        var places = VirtualPlaces.Of(batch.SegmentStarts.AsSpan<long>(), tokens.Count);
        if (tokens.Embeddings() is not { } embeddings)
        {
            var shifted = Array.ConvertAll(batch.Positions.ToArray<long>(), position => position + tokens.Count);
            var moved = batch with { Positions = Tensor.From<long>(shifted, shifted.Length) };
            return new PromptedBatch(moved, new PrefixedAttention(places, tokens), null, null);
        }

        var all = places.Count;
        var starts = places.Starts;
        var ids = Tensor.Zeros(DType.Int64, all).IndexCopyInPlace(0, places.Real, batch.Ids);
        var positions = places.Positions;
        var segments = starts.Size(0) - 1;
        var inserted = new InsertedRows(places.Virtual, embeddings.IndexSelect(0, places.VirtualOf(segments)));
        return new PromptedBatch(
            new TokenBatch(ids, positions, starts), new SegmentedAttention(starts), inserted, places.Real);
    }
}

/// <summary>Rows of a batch whose embeddings are given instead of looked up.</summary>
/// <param name="Rows">The rows, int64 <c>[row]</c>.</param>
/// <param name="Embeddings">Their embeddings, <c>[row, hidden]</c>.</param>
internal sealed record InsertedRows(Tensor Rows, Tensor Embeddings);
