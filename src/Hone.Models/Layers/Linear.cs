using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>x · Wᵀ + b, with a name that adapters can be attached to.</summary>
/// <param name="name">The module's Hugging Face name, without <c>.weight</c>.</param>
/// <param name="weight">W, <c>[out, in]</c>.</param>
/// <param name="bias">b, <c>[out]</c>, or null.</param>
internal sealed class Linear(string name, Parameter weight, Parameter? bias)
{
    public string Name { get; } = name;

    /// <summary>Applies it to rows <c>[token, in]</c>; the result is <c>[token, out]</c>.</summary>
    public Tensor Apply(Tensor x) => x.Linear(weight.Compute(), bias?.Compute());
}
