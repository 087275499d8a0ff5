using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>Another bias in place of the base model's, which stays as it is.</summary>
/// <param name="before">The base model's, <c>[out]</c>.</param>
/// <param name="bias">The adapter's, <c>[out]</c>.</param>
internal sealed class BiasPart(Parameter before, Parameter bias) : ILowRankPart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use) =>
        module(input) + ((bias.Compute() - before.Compute()) * use.Share);

    public void AddTo(ModuleChange change, double share) => change.Add((bias.Compute() - before.Compute()) * share);

    public ModuleWeights Merge(ModuleWeights weights, double share) =>
        weights with { Bias = weights.Bias! + ((bias.Value - before.Value.To(DType.Float32)) * share) };
}
