using Hone.Torch;

namespace Hone.Models;

/// <summary>A forward pass of a decoder with its backward pass. The tensors belong to the scope in which it was
/// begun.</summary>
public sealed class TrainingPass
{
    private readonly Action<Tensor> _backward;

    private TrainingPass(Tensor hidden, Tensor? root, Action<Tensor> backward)
    {
        (Hidden, Root) = (hidden, root);
        _backward = backward;
    }

    /// <summary>The activations after the last normalisation, <c>[token, hidden]</c>.</summary>
    public Tensor Hidden { get; }

    /// <summary>The root of the recorded computation, from which <see cref="Backward"/> goes back; null where it goes
    /// back from several, one after the other.</summary>
    public Tensor? Root { get; }

    /// <summary>Adds the gradients of all weights. Once.</summary>
    /// <param name="gradient">The gradient of <see cref="Hidden"/>, <c>[token, hidden]</c>.</param>
    public void Backward(Tensor gradient) => _backward(gradient);

    /// <summary>One recorded computation, whose activations are kept until the backward pass.</summary>
    internal static TrainingPass Recorded(Tensor hidden) =>
        new(hidden, hidden, gradient =>
        {
            if (hidden.RequiresGrad)
            {
                hidden.Backward(gradient);
            }
        });

    /// <summary>A computation of which only the inputs of the parts are kept; the backward pass computes each part anew
    /// and goes back through it. Training deep nets with sublinear memory, arXiv:1604.06174, section 4, with a layer as
    /// the part.</summary>
    /// <param name="embedded">What goes into the first part, recorded.</param>
    /// <param name="parts">The parts, each of which makes of the output of the one before its own.</param>
    internal static TrainingPass Recomputed(Tensor embedded, IReadOnlyList<Func<Tensor, Tensor>> parts)
    {
        var inputs = new Tensor[parts.Count];
        var x = embedded.Detach();
        using (Autograd.NoGrad())
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                (inputs[i], x) = (x, parts[i](x));
            }
        }

        return new TrainingPass(x, root: null, gradient =>
        {
            for (var i = inputs.Length - 1; i >= 0; i--)
            {
                gradient = Back(parts[i], inputs[i], gradient);
            }

            if (embedded.RequiresGrad)
            {
                embedded.Backward(gradient);
            }
        });
    }

    private static Tensor Back(Func<Tensor, Tensor> part, Tensor input, Tensor gradient)
    {
        using var scope = TensorScope.Open();
        var leaf = input.Detach();
        leaf.RequiresGrad = true;
        part(leaf).Backward(gradient);
        var back = scope.Keep(leaf.Grad!);
        leaf.Grad = null;
        input.Dispose();
        return back;
    }
}
