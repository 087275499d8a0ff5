using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>A normalisation of the last dimension.</summary>
/// <param name="kind">The formula.</param>
/// <param name="epsilon">What is added to the mean square or variance.</param>
/// <param name="weight">Its weights, <c>[hidden]</c>.</param>
/// <param name="bias">Its biases, <c>[hidden]</c>; only LayerNorm has them.</param>
internal sealed class Norm(NormKind kind, double epsilon, Parameter weight, Parameter? bias)
{
    private static readonly Operator LayerNorm = Operator.Find("aten::layer_norm");

    /// <summary>Normalises; the shape does not change.</summary>
    public Tensor Apply(Tensor x) => kind switch
    {
        NormKind.Rms => Fused.RmsNorm(x, weight.Value, epsilon),
        NormKind.RmsPlusOne => Fused.RmsNorm(x, weight.Value + 1, epsilon),
        NormKind.Layer => LayerNorm.Call(x, new long[] { x.Size(-1) }, weight.Compute(), bias?.Compute(), epsilon),
        _ => throw new InvalidOperationException($"unknown normalisation {kind}"),
    };
}
