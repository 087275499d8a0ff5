using Hone.Models.Adapters.Building;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>s ⊙ W·(Rᵀx) + b on a linear layer, R orthogonal: blocks on the diagonal, or a butterfly of them.</summary>
/// <remarks>OFT, arXiv:2306.07280, eq. 2; BOFT, arXiv:2311.06243, eq. 7.</remarks>
/// <param name="layer">The layer.</param>
/// <param name="rotation">R: blocks <c>[block, size, size]</c>, or whole <c>[in, in]</c>; float32.</param>
/// <param name="scale">s, <c>[out, 1]</c>, or null for 1.</param>
internal sealed class RotationPart(Linear layer, Derived rotation, Parameter? scale) : IModulePart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var rotated = module(Rotate(input, rotation.Value().To(input.DType)));       // [token, out]
        var adapted = (scale, layer.Bias) switch
        {
            (null, _) => rotated,
            ({ } factors, null) => rotated * factors.Compute().View(-1),
            ({ } factors, { } bias) => ((rotated - bias.Compute()) * factors.Compute().View(-1)) + bias.Compute(),
        };
        return use.Share == 1 ? adapted : use.Between(module(input), adapted);
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        var whole = Rotate(weights.Weight, rotation.Value().Transpose(-2, -1));      // [out, in]: W·Rᵀ
        whole = scale is null ? whole : whole * scale.Value;
        return weights with { Weight = share == 1 ? whole : weights.Weight + ((whole - weights.Weight) * share) };
    }

    // Rows x·R; of blocks each turns its own part of a row.
    private static Tensor Rotate(Tensor rows, Tensor rotation)
    {
        if (rotation.Rank == 2)
        {
            return rows.Matmul(rotation);
        }

        var (blocks, size) = (rotation.Size(0), rotation.Size(1));
        return rows.Reshape(rows.Size(0), blocks, size).Transpose(0, 1).Matmul(rotation).Transpose(0, 1).Reshape(
            rows.Size(0), blocks * size);
    }
}
