using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>x · Wᵀ + b, with a name that adapters can be attached to.</summary>
/// <param name="name">The module's Hugging Face name, without <c>.weight</c>.</param>
/// <param name="weight">W, <c>[out, in]</c>, or <c>[in, out]</c> where <paramref name="inputMajor"/>.</param>
/// <param name="bias">b, <c>[out]</c>, or null.</param>
/// <param name="inputMajor">Whether the weight is stored with a row for each input, as GPT-2 does.</param>
internal sealed class Linear(string name, Parameter weight, Parameter? bias, bool inputMajor = false)
{
    public string Name { get; } = name;

    public Parameter Weight => weight;

    public Parameter? Bias => bias;

    /// <summary>Applies it to rows <c>[token, in]</c>; the result is <c>[token, out]</c>.</summary>
    public Tensor Apply(Tensor x) => inputMajor
        ? x.Linear(weight.Compute().Transpose(0, 1), bias?.Compute())
        : x.Linear(weight.Compute(), bias?.Compute());
}
