using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Non-linearities as operators.</summary>
internal static class Activations
{
    extension(Tensor x)
    {
        /// <summary>Applies a non-linearity to each number.</summary>
        public Tensor Activate(Activation activation) => activation switch
        {
            Activation.Silu => x.Silu(),
            Activation.Gelu => x.Gelu(),
            Activation.GeluTanh => x.Gelu("tanh"),
            Activation.Relu => x.Relu(),
            _ => throw new InvalidOperationException($"unknown activation {activation}"),
        };
    }
}
