using Hone.Models.Adapters.Building;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>Virtual tokens by their keys and values in every layer.</summary>
/// <remarks>Prefix tuning, arXiv:2101.00190, eq. 3.</remarks>
/// <param name="count">How many.</param>
/// <param name="values">Of each token its keys and values layer by layer, <c>[virtual, layer · 2 · kv_head · dim]</c>,
/// float32.</param>
/// <param name="heads">The sizes of heads.</param>
/// <param name="type">The dtype of activations.</param>
internal sealed class VirtualPrefix(int count, Derived values, AttentionConfig heads, DType type) : IVirtualTokens
{
    public int Count => count;

    public Tensor? Embeddings() => null;

    public (Tensor Keys, Tensor Values)? KeyValues(int layer)
    {
        var width = (long)heads.KeyValueHeadCount * heads.HeadSize;
        var all = values.Value().To(type);
        Tensor Part(int which) => all.Narrow(1, ((2L * layer) + which) * width, width).Reshape(
            count, heads.KeyValueHeadCount, heads.HeadSize);
        return (Part(0), Part(1));
    }
}
