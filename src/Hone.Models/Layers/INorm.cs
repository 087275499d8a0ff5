using Hone.Models.Adapters;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>A normalisation.</summary>
internal interface INorm
{
    /// <summary>Normalises over the last dimension; the shape does not change.</summary>
    public Tensor Apply(Tensor x);
}

/// <summary>None.</summary>
internal sealed class NoNorm : INorm
{
    public Tensor Apply(Tensor x) => x;
}

/// <summary>A normalisation of the last dimension, and what adapters make of it.</summary>
/// <param name="name">The module's Hugging Face name, without <c>.weight</c>.</param>
/// <param name="kind">The formula.</param>
/// <param name="epsilon">What is added to the mean square or variance.</param>
/// <param name="weight">Its weights, <c>[hidden]</c>.</param>
/// <param name="bias">Its biases, <c>[hidden]</c>; only LayerNorm has them.</param>
/// <param name="adapters">Says which adapters are in force.</param>
internal sealed class Norm(
    string name, NormKind kind, double epsilon, Parameter weight, Parameter? bias, AdapterSwitch adapters) : INorm
{
    private static readonly Operator LayerNorm = Operator.Find("aten::layer_norm");

    public string Name { get; } = name;

    public Parameter Weight => weight;

    public Parameter? Bias => bias;

    public Tensor Apply(Tensor x) => adapters.Pass is { } pass
        ? pass.Apply(Name, x, rows => Apply(rows, weight, bias))
        : Apply(x, weight, bias);

    /// <summary>Normalises with other weights and biases.</summary>
    public Tensor Apply(Tensor x, Parameter weight, Parameter? bias) => kind switch
    {
        NormKind.Rms => Fused.RmsNorm(x, weight.Value, epsilon),
        NormKind.RmsPlusOne => Fused.RmsNorm(x, weight.Value + 1, epsilon),
        NormKind.Layer => LayerNorm.Call(x, new long[] { x.Size(-1) }, weight.Compute(), bias?.Compute(), epsilon),
        _ => throw new InvalidOperationException($"unknown normalisation {kind}"),
    };
}

/// <summary>Normalises heads <c>[token, head, dim]</c> as one long row for each token.</summary>
internal sealed class WholeRowNorm(Norm norm) : INorm
{
    public Tensor Apply(Tensor x)
    {
        var shape = x.Shape;
        return norm.Apply(x.Reshape(shape[0], shape[1] * shape[2])).View(shape);
    }
}

/// <summary>
/// Normalises each head <c>[token, head, dim]</c> by a LayerNorm without bias, with weights of its own.
/// </summary>
internal sealed class HeadwiseNorm(double epsilon, Parameter[] weights) : INorm
{
    private static readonly Operator LayerNorm = Operator.Find("aten::layer_norm");

    public Tensor Apply(Tensor x)
    {
        var normal = LayerNorm.Call(x, new long[] { x.Size(-1) }, Argument.None, Argument.None, epsilon);
        return normal * Tensor.Stack(Array.ConvertAll(weights, weight => weight.Compute())); // [head, dim] for every token
    }
}
