using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>Tokens that stand before each sequence and are in no vocabulary.</summary>
internal interface IVirtualTokens
{
    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>Their embeddings, <c>[virtual, hidden]</c>; null where they have keys and values instead.</summary>
    public Tensor? Embeddings();

    /// <summary>Their keys and values in a layer, each <c>[virtual, kv_head, dim]</c>; null where they have
    /// embeddings.</summary>
    public (Tensor Keys, Tensor Values)? KeyValues(int layer);
}
