using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>down(act(gate x) · up x): a gated linear unit, arXiv:2002.05202.</summary>
internal sealed class FeedForwardPart(Activation activation, JoinedLinear gateAndUp, Linear down)
{
    /// <summary>Applies it to normalised activations <c>[token, hidden]</c>.</summary>
    public Tensor Apply(Tensor x)
    {
        var projected = gateAndUp.Apply(x);
        var inner = activation == Activation.Silu
            ? Fused.SwiGlu(projected[0], projected[1])
            : Activate(projected[0]) * projected[1]; // [token, inner]
        return down.Apply(inner);
    }

    private Tensor Activate(Tensor x) => activation switch
    {
        Activation.Silu => x.Silu(),
        Activation.Gelu => x.Gelu(),
        Activation.GeluTanh => x.Gelu("tanh"),
        Activation.Relu => x.Relu(),
        _ => throw new InvalidOperationException($"unknown activation {activation}"),
    };
}
