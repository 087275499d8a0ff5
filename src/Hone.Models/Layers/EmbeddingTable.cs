using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Rows of a matrix by number, and what adapters make of them.</summary>
/// <param name="name">The module's Hugging Face name, without <c>.weight</c>.</param>
/// <param name="weight">The rows, <c>[row, dim]</c>.</param>
/// <param name="type">The dtype of the result.</param>
/// <param name="adapters">Says which adapters are in force.</param>
internal sealed class EmbeddingTable(string name, Parameter weight, DType type, AdapterSwitch adapters)
{
    private readonly Func<Tensor, Tensor> _rows = ids => Fused.Embedding(weight.Value, ids, type);

    public string Name { get; } = name;

    public Parameter Weight => weight;

    /// <summary>The rows of numbers, int64 <c>[token]</c>, as <c>[token, dim]</c>.</summary>
    public Tensor Apply(Tensor ids) => adapters.Pass is { } pass ? pass.Apply(Name, ids, _rows) : _rows(ids);
}
