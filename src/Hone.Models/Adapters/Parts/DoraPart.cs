using Hone.Models.Adapters.Building;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>m ⊙ (W + sBA)x / ‖W + sBA‖ on a linear layer; the norm is that of each output's row.</summary>
/// <remarks>
/// DoRA, arXiv:2402.09353, eq. 5. As its section 4.3 says, the norm counts as a constant for the gradient. What we
/// changed: where no gradients are recorded the norm is kept until weights change, so that a step of generation does
/// not compute it again.
/// </remarks>
/// <param name="layer">The layer.</param>
/// <param name="lora">The low-rank part.</param>
/// <param name="magnitude">m, <c>[out]</c>.</param>
/// <param name="norm">‖W + sBA‖, <c>[out]</c>, float32, without gradient.</param>
internal sealed class DoraPart(Linear layer, LoraPart lora, Parameter magnitude, Derived norm) : ILowRankPart
{
    /// <summary>‖W + sBA‖ of each row, <c>[out]</c>.</summary>
    public static Tensor Norm(Linear layer, LoraPart lora)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var adapted = layer.ReadWeight() + (lora.B.Value.Matmul(lora.A.Value) * lora.Scale); // [out, in]
        return scope.Keep((adapted * adapted).Sum(1).Sqrt());
    }

    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var y = module(input);
        var ratio = magnitude.Value / norm.Value();                                  // [out]
        var dropped = use.Drop(input, lora.Dropout, lora.Place);
        var low = (dropped.Linear(lora.A.Compute()) * lora.Scale).Linear(lora.B.Compute()); // [token, out]
        low = lora.Bias is null ? low : low + (lora.Bias.Compute() * lora.Scale);

        // y + (m/n − 1)·Wx + m/n·s·B·A·x, where W sees what A sees
        var product = use.Drops(lora.Dropout) ? layer.Product(dropped) : y;
        product = layer.Bias is null ? product : product - layer.Bias.Compute();
        var adapted = y + (product * (ratio - 1).To(y.DType)) + (low * ratio.To(y.DType));
        return use.Between(y, adapted);
    }

    public void AddTo(ModuleChange change, double share)
    {
        // y + t·((m/n − 1)·(y − b) + m/n·s·B·A·x)
        var ratio = magnitude.Value / norm.Value();                                  // [out]
        var (more, low) = ((ratio - 1) * share, ratio * share);
        change.Multiply(more + 1);
        change.Add(lora.A.Value, lora.B.Value * low.Unsqueeze(1), lora.Scale);
        if (layer.Bias is not null)
        {
            change.Add(-(more * layer.Bias.Compute().To(DType.Float32)));
        }

        if (lora.Bias is not null)
        {
            change.Add(lora.Bias.Value * low * lora.Scale);
        }
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        // W' = m/n ⊙ (W + sBA)
        var ratio = magnitude.Value / norm.Value();                                  // [out]
        var whole = lora.Merge(weights, 1);
        var weight = whole.Weight * ratio.Unsqueeze(1);                              // [out, in]
        var bias = lora.Bias is null || weights.Bias is null ? weights.Bias : weights.Bias + (
            (whole.Bias! - weights.Bias) * ratio);
        return share == 1
            ? new ModuleWeights(weight, bias)
            : new ModuleWeights(weights.Weight + ((weight - weights.Weight) * share), bias);
    }
}
