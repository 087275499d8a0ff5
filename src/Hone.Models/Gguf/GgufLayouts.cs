using Hone.Torch;

namespace Hone.Models.Gguf;

/// <summary>Brings weights from the layout of GGUF files to that of Hugging Face, and back.</summary>
internal static class GgufLayouts
{
    /// <summary>The Hugging Face layout of what a file holds.</summary>
    public static Tensor FromFile(Tensor stored, GgufPlace place) => place.Layout switch
    {
        GgufLayout.Same => stored,
        GgufLayout.NeighboursTurn => Regroup(stored, place.Heads, stored.Size(0) / place.Heads / 2, 2),
        GgufLayout.PlusOne => stored - 1,
        GgufLayout.Transposed => stored.Transpose(0, 1).Contiguous(),
        _ => throw new InvalidOperationException($"unknown layout {place.Layout}"),
    };

    /// <summary>What a file holds of a weight in the Hugging Face layout.</summary>
    public static Tensor ToFile(Tensor weight, GgufPlace place) => place.Layout switch
    {
        GgufLayout.Same => weight,
        GgufLayout.NeighboursTurn => Regroup(weight, place.Heads, 2, weight.Size(0) / place.Heads / 2),
        GgufLayout.PlusOne => weight + 1,
        GgufLayout.Transposed => weight.Transpose(0, 1).Contiguous(),
        _ => throw new InvalidOperationException($"unknown layout {place.Layout}"),
    };

    // Rows of each head in groups [outer, inner], brought to [inner, outer].
    private static Tensor Regroup(Tensor rows, long heads, long outer, long inner)
    {
        var shape = rows.Shape;
        return rows.View([heads, outer, inner, .. shape[1..]]).Transpose(1, 2).Contiguous().View(shape);
    }
}
