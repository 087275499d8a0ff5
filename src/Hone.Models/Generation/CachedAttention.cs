using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Stores keys and values of new tokens in the cache and attends to all of their sequence.</summary>
/// <param name="cache">The cache.</param>
/// <param name="slots">Where each new token goes, int64 <c>[token]</c>.</param>
/// <param name="blockTable">The pages of each sequence, int32 <c>[sequence, max_pages]</c>.</param>
/// <param name="queryStarts">Where the new tokens of each sequence begin and the last one's end, int32
/// <c>[sequence + 1]</c>.</param>
/// <param name="contextLengths">Tokens of each sequence, the new ones included, int32 <c>[sequence]</c>.</param>
internal sealed class CachedAttention(
    KeyValueCache cache, Tensor slots, Tensor blockTable, Tensor queryStarts, Tensor contextLengths) : IAttention
{
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, in AttentionTerms terms)
    {
        var (keys, values) = (cache.Keys[layer], cache.Values[layer]);
        Fused.PagedStore(key, value, keys, values, slots);
        return Fused.PagedAttention(
            query, keys, values, blockTable, queryStarts, contextLengths, terms.Scale, terms.Window, terms.SoftCap);
    }
}
