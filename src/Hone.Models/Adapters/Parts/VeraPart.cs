using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>y + b ⊙ B·(d ⊙ A·x) on a linear layer; of A the columns of its inputs are used, of B the rows of its
/// outputs.</summary>
/// <remarks>VeRA, arXiv:2310.11454, eq. 2.</remarks>
/// <param name="a">A, <c>[r, largest in]</c>, shared by all layers.</param>
/// <param name="b">B, <c>[largest out, r]</c>, shared by all layers.</param>
/// <param name="lambdaB">b, <c>[out]</c>.</param>
/// <param name="lambdaD">d, <c>[r]</c>.</param>
/// <param name="layer">The layer.</param>
/// <param name="dropout">The probability that a number of x is dropped.</param>
/// <param name="place">Which of the adapter's places this is.</param>
internal sealed class VeraPart(
    Parameter a, Parameter b, Parameter lambdaB, Parameter lambdaD, Linear layer, double dropout, int place)
        : ILowRankPart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var down = use.Drop(input, dropout, place).Linear(a.Compute().Narrow(1, 0, layer.Inputs));  // [token, r]
        var up = (down * lambdaD.Compute()).Linear(b.Compute().Narrow(0, 0, layer.Outputs));        // [token, out]
        up *= lambdaB.Compute();
        return module(input) + (use.Share == 1 ? up : up * use.Share);
    }

    public void AddTo(ModuleChange change, double share)
    {
        var (down, up) = Factors();
        change.Add(down, up, share);
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        var (down, up) = Factors();
        return weights with { Weight = weights.Weight + (up.Matmul(down) * share) };
    }

    private (Tensor Down, Tensor Up) Factors() => (
        a.Value.Narrow(1, 0, layer.Inputs) * lambdaD.Value.Unsqueeze(1),             // [r, in]
        b.Value.Narrow(0, 0, layer.Outputs) * lambdaB.Value.Unsqueeze(1));           // [out, r]
}
