using Hone.Models.Adapters.Building;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>y + α·C·U·R·x on a linear layer, C columns and R rows of W.</summary>
/// <remarks>CURLoRA, arXiv:2408.14572, section 4.</remarks>
/// <param name="columns">C, <c>[out, r]</c>, float32.</param>
/// <param name="matrix">U, <c>[r, r]</c>.</param>
/// <param name="rows">R, <c>[r, in]</c>, float32.</param>
/// <param name="alpha">α.</param>
internal sealed class CurPart(Derived columns, Parameter matrix, Derived rows, double alpha) : ILowRankPart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        // y = Wx + α·C·U·R·x
        var inner = input.Linear(rows.Value().To(input.DType)).Linear(matrix.Compute());    // [token, r]
        return module(input) + (inner * (alpha * use.Share)).Linear(columns.Value().To(input.DType));
    }

    public void AddTo(ModuleChange change, double share) =>
        change.Add(rows.Value(), columns.Value().Matmul(matrix.Value), alpha * share);

    public ModuleWeights Merge(ModuleWeights weights, double share) =>
        weights with
        {
            Weight = weights.Weight + (
            columns.Value().Matmul(matrix.Value).Matmul(rows.Value()) * (alpha * share))
        };
}
