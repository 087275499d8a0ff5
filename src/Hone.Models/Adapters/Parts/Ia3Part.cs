using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>l ⊙ (Wx + b), or W(l ⊙ x) + b on a feed-forward layer.</summary>
/// <remarks>(IA)³, arXiv:2205.05638, eq. 1 and section 3.3.</remarks>
/// <param name="vector">l, <c>[out, 1]</c>, or <c>[1, in]</c> of a feed-forward layer.</param>
/// <param name="isFeedForward">Whether the input is multiplied instead of the output.</param>
internal sealed class Ia3Part(Parameter vector, bool isFeedForward) : ILowRankPart
{
    public bool ScalesInputs => isFeedForward;

    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var factors = Factors(vector.Compute(), use.Share);
        return isFeedForward ? module(input * factors) : module(input) * factors;
    }

    public void AddTo(ModuleChange change, double share)
    {
        var factors = Factors(vector.Compute(), share);
        if (isFeedForward)
        {
            change.MultiplyInputs(factors);
        }
        else
        {
            change.Multiply(factors);
        }
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        var factors = Factors(vector.Value, share);
        return isFeedForward
            ? weights with { Weight = weights.Weight * factors }
            : new ModuleWeights(
                weights.Weight * factors.Unsqueeze(1), weights.Bias is null ? null : weights.Bias * factors);
    }

    private static Tensor Factors(Tensor vector, double share) =>
        share == 1 ? vector.View(-1) : ((vector.View(-1) - 1) * share) + 1;
}
