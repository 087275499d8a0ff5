using Hone.Models.Adapters.Building;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>y + ΔW·x on a linear layer, where ΔW is no matrix of low rank: an element-wise or a Kronecker
/// product.</summary>
/// <remarks>LoHa and LoKr, arXiv:2309.14859.</remarks>
/// <param name="delta">ΔW, <c>[out, in]</c>, float32.</param>
internal sealed class DeltaPart(Derived delta) : IModulePart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var added = input.Linear(delta.Value().To(input.DType));
        return module(input) + (use.Share == 1 ? added : added * use.Share);
    }

    public ModuleWeights Merge(ModuleWeights weights, double share) =>
        weights with { Weight = weights.Weight + (delta.Value() * share) };
}
