using Hone.Models.Adapters.Building;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>W[v] + s·(B·A)ᵀ[v] on an embedding, times m/‖W + s(BA)ᵀ‖ where magnitudes are learned; the norm is over the
/// vocabulary.</summary>
/// <remarks>LoRA, arXiv:2106.09685; DoRA, arXiv:2402.09353, eq. 5, with the norm as a constant for the
/// gradient.</remarks>
/// <param name="a">A, <c>[r, vocab]</c>.</param>
/// <param name="b">B, <c>[dim, r]</c>.</param>
/// <param name="scale">s.</param>
/// <param name="magnitude">m, <c>[dim]</c>, or null.</param>
/// <param name="norm">The norm, <c>[dim]</c>, or null.</param>
internal sealed class EmbeddingLoraPart(
    Parameter a, Parameter b, double scale, Parameter? magnitude, Derived? norm) : IModulePart
{
    /// <summary>‖W + s(BA)ᵀ‖ of each dimension, <c>[dim]</c>.</summary>
    public static Tensor Norm(EmbeddingTable table, Parameter a, Parameter b, double scale)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var adapted = table.Weight.Value.To(DType.Float32) + (a.Value.Transpose(0, 1).Linear(b.Value) * scale);
        return scope.Keep((adapted * adapted).Sum(0).Sqrt());
    }

    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var rows = module(input);                                                    // [token, dim]
        var low = (a.Compute().Transpose(0, 1).Embedding(input) * scale).Linear(b.Compute()); // [token, dim]
        return magnitude is null
            ? rows + (low * use.Share)
            : use.Between(rows, (rows + low) * (magnitude.Value / norm!.Value()).To(rows.DType));
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        var whole = weights.Weight + (a.Value.Transpose(0, 1).Linear(b.Value) * scale); // [vocab, dim]
        whole = magnitude is null ? whole : whole * (magnitude.Value / norm!.Value());
        return weights with { Weight = share == 1 ? whole : weights.Weight + ((whole - weights.Weight) * share) };
    }
}
