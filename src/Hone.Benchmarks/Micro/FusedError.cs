using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>How far a fused operator is from its composition.</summary>
internal static class FusedError
{
    /// <summary>
    /// The largest difference of values, or of gradients, over the largest magnitude of the composition's.
    /// </summary>
    public static double Of(FusedCase one, Operator fused, Operator composite, bool backward)
    {
        using var scope = TensorScope.Open();
        var (found, expected) = backward
            ? (Gradients(one, fused), Gradients(one, composite))
            : ([Values(one, fused)], [Values(one, composite)]);
        return found.Zip(expected, Relative).Max();
    }

    private static double Relative(Tensor found, Tensor expected)
    {
        var (a, b) = (found.To(DType.Float32), expected.To(DType.Float32));
        return (a - b).Abs().Max().Item() / Math.Max(b.Abs().Max().Item(), 1e-20);
    }

    private static Tensor Values(FusedCase one, Operator op)
    {
        using var still = Autograd.NoGrad();
        return one.Call(op);
    }

    private static Tensor[] Gradients(FusedCase one, Operator op)
    {
        var result = one.Call(op);

        // Of different weights, so that a gradient which mixes up places is found out.
        result.Backward(Inputs.Normal(result.DType, 9, [.. result.Shape]));
        return Array.ConvertAll(one.Leaves, leaf =>
        {
            var gradient = leaf.Grad!;
            leaf.Grad = null;
            return gradient;
        });
    }
}
