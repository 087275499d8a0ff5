using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>x · Wᵀ + b, and what adapters make of it.</summary>
/// <param name="name">The module's Hugging Face name, without <c>.weight</c>.</param>
/// <param name="weight">W, <c>[out, in]</c>, or <c>[in, out]</c> where <paramref name="inputMajor"/>.</param>
/// <param name="bias">b, <c>[out]</c>, or null.</param>
/// <param name="adapters">Says which adapters are in force.</param>
/// <param name="inputMajor">Whether the weight is stored with a row for each input, as GPT-2 does.</param>
internal sealed class Linear(
    string name, Parameter weight, Parameter? bias, AdapterSwitch adapters, bool inputMajor = false)
{
    private readonly Func<Tensor, Tensor> _product = x => Product(x, weight, bias, inputMajor);

    public string Name { get; } = name;

    public Parameter Weight => weight;

    public Parameter? Bias => bias;

    /// <summary>Whether the weight is stored with a row for each input.</summary>
    public bool InputMajor => inputMajor;

    public long Inputs => weight.Spec.Shape[inputMajor ? 0 : 1];

    public long Outputs => weight.Spec.Shape[inputMajor ? 1 : 0];

    /// <summary>Applies it to rows <c>[token, in]</c>; the result is <c>[token, out]</c>.</summary>
    public Tensor Apply(Tensor x) => adapters.Pass is { } pass ? pass.Apply(Name, x, _product) : _product(x);

    /// <summary>What adapters make of a base product that is known already, <c>[token, out]</c>.</summary>
    /// <param name="x">What went in, <c>[token, in]</c>.</param>
    /// <param name="product">x · Wᵀ + b.</param>
    public Tensor Adapt(Tensor x, Tensor product) =>
        adapters.Pass is { } pass ? pass.Apply(Name, x, _product, product) : product;

    /// <summary>The base product alone, <c>[token, out]</c>.</summary>
    public Tensor Product(Tensor x) => _product(x);

    /// <summary>
    /// The base weight as numbers that can be computed with, <c>[out, in]</c>, float32; differentiable.
    /// </summary>
    public Tensor ReadWeight()
    {
        var stored = weight.Read();
        return inputMajor ? stored.Transpose(0, 1) : stored;
    }

    /// <summary>Weight and bias as numbers that can be computed with, float32; differentiable.</summary>
    public ModuleWeights Weights() => new(ReadWeight(), bias?.Value.To(DType.Float32));

    private static Tensor Product(Tensor x, Parameter weight, Parameter? bias, bool inputMajor) =>
        (weight.Coded, bias) switch
        {
            ({ } coded, null) => coded.Product(x),
            ({ } coded, { } added) => coded.Product(x) + added.Compute(),
            (null, null) when !inputMajor => Fused.Linear(x, weight.Compute()),
            _ => x.Linear(inputMajor ? weight.Compute().Transpose(0, 1) : weight.Compute(), bias?.Compute()),
        };
}
