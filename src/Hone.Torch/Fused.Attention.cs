namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator SegmentAttentionOp = Operator.Find("hone::segment_attention");
    private static readonly Operator PagedAttentionOp = Operator.Find("hone::paged_attention");
    private static readonly Operator PagedStoreOp = Operator.Find("hone::paged_store");

    /// <summary>Causal attention inside each segment of a packed row; <c>[token, head, dim]</c>.</summary>
    /// <remarks>
    /// Online softmax and recomputation in backward as in FlashAttention-2, arXiv:2307.08691: <c>[time, time]</c> never
    /// exists. Grouped heads as in arXiv:2305.13245. A segment gives the same bits alone and packed with others, and
    /// <see cref="PagedAttention"/> gives them too.
    /// </remarks>
    /// <param name="q"><c>[token, head, dim]</c>; head a multiple of kv_head.</param>
    /// <param name="k"><c>[token, kv_head, dim]</c>.</param>
    /// <param name="v"><c>[token, kv_head, dim]</c>.</param>
    /// <param name="segmentStarts">int64 <c>[segment + 1]</c>, rising from 0 to token.</param>
    /// <param name="scale">Factor of q · k, as 1 / √dim.</param>
    /// <param name="window">How many tokens a token sees, itself included; 0: all before it.</param>
    /// <param name="softcap">Scores s become softcap · tanh(s / softcap); 0: they stay.</param>
    /// <param name="parents">int64 <c>[segment]</c>: for each segment the one before it whose tokens it sees as well,
    /// as if they stood at its own start, or −1; none where all segments stand by themselves. A parent has none
    /// itself.</param>
    public static Tensor SegmentAttention(
        Tensor q,
        Tensor k,
        Tensor v,
        Tensor segmentStarts,
        double scale,
        long window = 0,
        double softcap = 0,
        Tensor? parents = null) =>
        SegmentAttentionOp.Call(q, k, v, segmentStarts, scale, window, softcap, parents);

    /// <summary>
    /// Attention over a paged key-value cache; the queries of a sequence are the last ones of its context. No backward.
    /// </summary>
    /// <remarks>
    /// PagedAttention, arXiv:2309.06180. The result of a query has the same bits whatever else is in the batch, however
    /// the prompt was cut into chunks, and as <see cref="SegmentAttention"/> gives in training.
    /// </remarks>
    /// <param name="q"><c>[token, head, dim]</c>, sequence after sequence.</param>
    /// <param name="kPages">As <see cref="PageLayout.Keys"/>; the new keys are stored already
    /// (<see cref="PagedStore"/>).</param>
    /// <param name="vPages">As <see cref="PageLayout.Values"/>.</param>
    /// <param name="blockTable">int32 <c>[sequence, max_pages]</c>: the pages of each context, in order.</param>
    /// <param name="queryStarts">int32 <c>[sequence + 1]</c>, rising from 0 to token.</param>
    /// <param name="contextLengths">int32 <c>[sequence]</c>: tokens of each context, its queries included.</param>
    /// <param name="scale">Factor of q · k.</param>
    /// <param name="window">As in <see cref="SegmentAttention"/>.</param>
    /// <param name="softcap">As in <see cref="SegmentAttention"/>.</param>
    public static Tensor PagedAttention(
        Tensor q,
        Tensor kPages,
        Tensor vPages,
        Tensor blockTable,
        Tensor queryStarts,
        Tensor contextLengths,
        double scale,
        long window = 0,
        double softcap = 0) =>
        PagedAttentionOp.Call(q, kPages, vPages, blockTable, queryStarts, contextLengths, scale, window, softcap);

    /// <summary>Writes keys and values into their slots of the cache, in the cache's dtype.</summary>
    /// <param name="k"><c>[token, kv_head, dim]</c>.</param>
    /// <param name="v"><c>[token, kv_head, dim]</c>.</param>
    /// <param name="kPages">As <see cref="PageLayout.Keys"/>, written.</param>
    /// <param name="vPages">As <see cref="PageLayout.Values"/>, written.</param>
    /// <param name="slots">int64 <c>[token]</c>: page · slots per page + slot, all different.</param>
    public static void PagedStore(Tensor k, Tensor v, Tensor kPages, Tensor vPages, Tensor slots) =>
        PagedStoreOp.Run(k, v, kPages, vPages, slots);
}
