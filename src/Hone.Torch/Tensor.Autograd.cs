using Hone.Torch.Native;

namespace Hone.Torch;

/// <content>Gradients.</content>
public sealed unsafe partial class Tensor
{
    private static readonly Operator DetachOp = Operator.Find("aten::detach");

    /// <summary>Whether operators record what the gradient of this tensor needs. Only leaves may be switched.</summary>
    public bool RequiresGrad
    {
        get
        {
            var requires = Door.hone_requires_grad(Handle) != 0;
            GC.KeepAlive(this);
            return requires;
        }

        set
        {
            Door.Check(Door.hone_set_requires_grad(Handle, value ? 1 : 0));
            GC.KeepAlive(this);
        }
    }

    /// <summary>The gradient accumulated by backward passes, of this tensor's shape; null before the first.</summary>
    public Tensor? Grad
    {
        get
        {
            Door.Check(Door.hone_grad(Handle, out var gradient));
            GC.KeepAlive(this);
            return gradient == 0 ? null : new Tensor(gradient);
        }

        set
        {
            Door.Check(Door.hone_set_grad(Handle, value?.Handle ?? 0));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }

    /// <summary>Accumulates the gradient of this scalar into every leaf that requires it.</summary>
    public void Backward() => Autograd.Backward([this]);

    /// <summary>Accumulates the gradient of Σ this·<paramref name="seed"/> into every leaf that requires it.</summary>
    public void Backward(Tensor seed) => Autograd.Backward([this], [seed]);

    /// <summary>The same elements, cut off from the recorded computation.</summary>
    public Tensor Detach() => DetachOp.Call(this);
}
