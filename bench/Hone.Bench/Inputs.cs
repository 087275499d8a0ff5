using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Bench;

/// <summary>Random tensors that every run makes alike.</summary>
internal static class Inputs
{
    public static Tensor Normal(DType dtype, uint stream, params ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
        }

        var values = new float[count];
        new CounterRandom(1, RandomPurpose.Synthesis).Normal(values, stream);
        return Tensor.From<float>(values, shape).To(dtype);
    }

    /// <summary>The same, with a gradient wanted.</summary>
    public static Tensor Leaf(DType dtype, uint stream, params ReadOnlySpan<long> shape)
    {
        var leaf = Normal(dtype, stream, shape).Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }

    /// <summary>int64 0, step, 2 · step, … up to count · step.</summary>
    public static Tensor Starts(int count, long step) => Tensor.Of<long>([.. Enumerable.Range(0, count + 1).Select(i => i * step)]);
}
