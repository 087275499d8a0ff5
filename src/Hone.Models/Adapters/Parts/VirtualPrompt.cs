using Hone.Models.Adapters.Building;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>Virtual tokens by their embeddings.</summary>
/// <remarks>Prompt tuning, arXiv:2104.08691; P-tuning, arXiv:2103.10385.</remarks>
/// <param name="count">How many.</param>
/// <param name="embeddings">Their embeddings, <c>[virtual, hidden]</c>, float32.</param>
/// <param name="type">The dtype of activations.</param>
internal sealed class VirtualPrompt(int count, Derived embeddings, DType type) : IVirtualTokens
{
    public int Count => count;

    public Tensor? Embeddings() => embeddings.Value().To(type);

    public (Tensor Keys, Tensor Values)? KeyValues(int layer) => null;
}
