using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>The feed-forward part of a layer.</summary>
internal interface IFeedForward
{
    /// <summary>Applies it to normalised activations <c>[token, hidden]</c>; the shape does not change.</summary>
    public Tensor Apply(Tensor x);
}

/// <summary>down(act(gate x) · up x): a gated linear unit, arXiv:2002.05202.</summary>
internal sealed class GatedFeedForward(Activation activation, IProjections gateAndUp, Linear down) : IFeedForward
{
    public IProjections GateAndUp => gateAndUp;

    public Linear Down => down;

    public Tensor Apply(Tensor x)
    {
        var projected = gateAndUp.Apply(x);
        var inner = activation == Activation.Silu
            ? Fused.SwiGlu(projected[0], projected[1])
            : projected[0].Activate(activation) * projected[1]; // [token, inner]
        return down.Apply(inner);
    }
}

/// <summary>down(act(up x)).</summary>
internal sealed class PlainFeedForward(Activation activation, Linear up, Linear down) : IFeedForward
{
    public Tensor Apply(Tensor x) => down.Apply(up.Apply(x).Activate(activation));
}
