using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>A linear layer of the adapter's own in place of the base model's.</summary>
/// <param name="layer">The base model's.</param>
/// <param name="weight">The adapter's weight, laid out as the base model's.</param>
/// <param name="bias">The adapter's bias, <c>[out]</c>, or null.</param>
internal sealed class ReplacedLinear(Linear layer, Parameter weight, Parameter? bias) : IModulePart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var matrix = layer.InputMajor ? weight.Compute().Transpose(0, 1) : weight.Compute();
        var own = input.Linear(matrix, bias?.Compute());
        return use.Share == 1 ? own : use.Between(module(input), own);
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        var own = layer.InputMajor ? weight.Value.Transpose(0, 1) : weight.Value;
        return new ModuleWeights(
            share == 1 ? own : weights.Weight + ((own - weights.Weight) * share),
            bias is null || weights.Bias is null ? weights.Bias : weights.Bias + ((bias.Value - weights.Bias) * share));
    }
}

/// <summary>An embedding of the adapter's own in place of the base model's.</summary>
/// <param name="weight">The adapter's rows, <c>[row, dim]</c>.</param>
internal sealed class ReplacedEmbedding(Parameter weight) : IModulePart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var own = weight.Compute().Embedding(input);
        return use.Share == 1 ? own : use.Between(module(input), own);
    }

    public ModuleWeights Merge(ModuleWeights weights, double share) =>
        weights with
        {
            Weight = share == 1 ? weight.Value : weights.Weight + (
            (weight.Value - weights.Weight) * share)
        };
}

/// <summary>A normalisation of the adapter's own in place of the base model's.</summary>
/// <param name="norm">The base model's.</param>
/// <param name="weight">The adapter's weights, <c>[hidden]</c>; null for the base model's.</param>
/// <param name="bias">The adapter's biases, <c>[hidden]</c>; null for the base model's.</param>
internal sealed class ReplacedNorm(Norm norm, Parameter? weight, Parameter? bias) : IModulePart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var own = norm.Apply(input, weight ?? norm.Weight, bias ?? norm.Bias);
        return use.Share == 1 ? own : use.Between(module(input), own);
    }

    public ModuleWeights Merge(ModuleWeights weights, double share) => new(
        weight is null ? weights.Weight : weights.Weight + ((weight.Value - weights.Weight) * share),
        bias is null || weights.Bias is null ? weights.Bias : weights.Bias + ((bias.Value - weights.Bias) * share));
}
