using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Benchmarks.Micro;

/// <summary>Random tensors that every run makes alike.</summary>
internal static class Inputs
{
    /// <summary>
    /// Numbers that are drawn; a larger tensor repeats them. It is a prime, so that no two rows are alike.
    /// </summary>
    private const int Drawn = 65_521;

    /// <summary>Normal numbers.</summary>
    public static Tensor Normal(DType dtype, uint stream, params ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
        }

        var values = new float[count];
        var drawn = values.AsSpan(0, (int)Math.Min(count, Drawn));
        new CounterRandom(1, RandomPurpose.Synthesis).Normal(drawn, stream);
        for (var at = drawn.Length; at < values.Length; at += Drawn)
        {
            var rest = values.AsSpan(at);
            drawn[..Math.Min(drawn.Length, rest.Length)].CopyTo(rest);
        }

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
    public static Tensor Starts(int count, long step) =>
        Tensor.Of<long>([.. Enumerable.Range(0, count + 1).Select(i => i * step)]);
}
