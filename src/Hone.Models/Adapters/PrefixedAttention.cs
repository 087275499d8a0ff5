using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>Each token sees the virtual keys and values of its layer, and the tokens before it in its own
/// segment.</summary>
/// <remarks>Prefix tuning, arXiv:2101.00190; in every layer as in P-Tuning v2, arXiv:2110.07602.</remarks>
/// <param name="places">Where tokens stand with the virtual ones among them.</param>
/// <param name="tokens">The virtual tokens.</param>
internal sealed class PrefixedAttention(VirtualPlaces places, IVirtualTokens tokens) : IAttention
{
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, in AttentionTerms terms)
    {
        var (keys, values) = tokens.KeyValues(layer) ?? throw new InvalidOperationException(
            "virtual tokens need keys and values");
        var all = Fused.SegmentAttention(
            Spread(query, null),
            Spread(key, keys),
            Spread(value, values),
            places.Starts,
            terms.Scale,
            terms.Window,
            terms.SoftCap);
        return all.IndexSelect(0, places.Real); // what virtual tokens would see is nobody's
    }

    // Rows of the real tokens at their places, those of the virtual ones (or zeros) between them.
    private Tensor Spread(Tensor real, Tensor? given)
    {
        var shape = real.Shape;
        var spread = Tensor.Zeros(real.DType, [places.Count, .. shape[1..]]).IndexCopy(0, places.Real, real);
        return given is null
            ? spread
            : spread.IndexCopy(0, places.Virtual, given.IndexSelect(0, places.VirtualOf(places.Starts.Size(0) - 1)));
    }
}
