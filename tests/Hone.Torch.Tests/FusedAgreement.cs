using Hone.Torch.Random;

namespace Hone.Torch.Tests;

/// <summary>
/// Holds a fused operator against its composition of ATen operators in float64, on values and gradients.
/// </summary>
internal static class FusedAgreement
{
    /// <summary>
    /// Numbers of instruction sets: portable, AVX2, AVX-512, AVX-512 with VNNI, and with bfloat16 products.
    /// </summary>
    public static readonly int[] InstructionSets = [0, 1, 2, 3, 4];

    /// <summary>
    /// The same and those that differ in products with packed weights alone: AMX, and AMX with a model of its tiles.
    /// </summary>
    public static readonly int[] ProductSets = [.. InstructionSets, 5, 6];

    private static readonly Operator UseIsa = Operator.Find("hone::use_isa");

    /// <summary>Every instruction set with both element types.</summary>
    public static TheoryData<int, DType> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, DType>();
            foreach (var isa in InstructionSets)
            {
                kinds.Add(isa, DType.Float32);
                kinds.Add(isa, DType.BFloat16);
            }

            return kinds;
        }
    }

    /// <summary>
    /// Largest difference allowed, relative to the largest element: rounding of sums, or of bfloat16's eight bits.
    /// </summary>
    public static double Tolerance(DType dtype) => dtype == DType.Float32 ? 5e-6 : 1.5e-2;

    /// <summary>Normal numbers that every run makes alike.</summary>
    public static Tensor Normal(DType dtype, uint stream, params ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
        }

        var values = new float[count];
        new CounterRandom(17, RandomPurpose.Synthesis).Normal(values, stream);
        return Tensor.From<float>(values, shape).To(dtype);
    }

    /// <summary>
    /// Runs <paramref name="body"/> on one instruction set, or skips in words where the processor lacks it.
    /// </summary>
    public static void On(int isa, Action body)
    {
        try
        {
            UseIsa.Run((long)isa);
        }
        catch (TorchException error)
        {
            Assert.Skip(error.Message);
        }

        try
        {
            body();
        }
        finally
        {
            UseIsa.Run(-1L);
        }
    }

    /// <summary>What <paramref name="body"/> gives with that many threads.</summary>
    public static T WithThreads<T>(int threads, Func<T> body)
    {
        ComputeThread.Configure(threads);
        try
        {
            return body();
        }
        finally
        {
            ComputeThread.Configure(1);
        }
    }

    /// <summary>Values and gradients of attention have the same bits with one thread and with two.</summary>
    public static void CheckThreads(
        Func<(Tensor Q, Tensor K, Tensor V)> inputs, Func<Tensor, Tensor, Tensor, Tensor> attend)
    {
        using var scope = TensorScope.Open();
        foreach (var (one, two) in Run(1).Zip(Run(2)))
        {
            AssertSame(one, two);
        }

        Tensor[] Run(int threads) => WithThreads(threads, () =>
        {
            var (q, k, v) = inputs();
            q.RequiresGrad = k.RequiresGrad = v.RequiresGrad = true;
            var y = attend(q, k, v);
            y.Backward(Normal(y.DType, 4, y.Shape));
            return new[] { y, q.Grad!, k.Grad!, v.Grad! };
        });
    }

    /// <summary>Values and the gradients of all real inputs agree with those of the composition in float64.</summary>
    public static void Check(string name, Tensor[] inputs, Func<Operator, Tensor[], Tensor> call)
    {
        using var scope = TensorScope.Open();
        var (fused, fusedGradients) = Differentiate(Operator.Find(name), inputs, x => x, call);
        var (exact, exactGradients) =
            Differentiate(Operator.Find(name, "composite"), inputs, x => x.To(DType.Float64), call);

        var tolerance = Tolerance(inputs[0].DType);
        AssertClose(exact, fused, tolerance, $"{name}");
        for (var i = 0; i < fusedGradients.Count; i++)
        {
            AssertClose(exactGradients[i], fusedGradients[i], tolerance, $"{name}, gradient {i}");
        }
    }

    /// <summary>No element differs by more than <paramref name="tolerance"/> times the largest expected one.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = TensorScope.Open();
        Assert.Equal(expected.Shape, actual.Shape);
        if (expected.Count == 0)
        {
            return;
        }

        var exact = expected.Detach().To(DType.Float64);
        var difference = (exact - actual.Detach().To(DType.Float64)).Abs().Max().Item();
        var largest = exact.Abs().Max().Item();
        Assert.True(difference <= tolerance * Math.Max(largest, 1e-30),
            $"{what}: differs by {difference}, the largest being {largest}");
    }

    /// <summary>Each number within an absolute tolerance.</summary>
    public static void AssertNear(float[] expected, Tensor actual, double tolerance)
    {
        var values = actual.ToArray<float>();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal((double)expected[i], values[i], tolerance);
        }
    }

    /// <summary>The same bits, NaN included.</summary>
    public static void AssertSame(Tensor expected, Tensor actual) =>
        Assert.Equal(
            expected.Detach().To(DType.Float32).ToArray<float>().Select(BitConverter.SingleToInt32Bits),
            actual.Detach().To(DType.Float32).ToArray<float>().Select(BitConverter.SingleToInt32Bits));

    private static (Tensor Value, List<Tensor> Gradients) Differentiate(
        Operator op, Tensor[] inputs, Func<Tensor, Tensor> convert, Func<Operator, Tensor[], Tensor> call)
    {
        Tensor[] leaves = [.. inputs.Select(x => IsReal(x) ? convert(x.Clone()).Detach() : x)];
        foreach (var leaf in leaves.Where(IsReal))
        {
            leaf.RequiresGrad = true;
        }

        var value = call(op, leaves);
        value.Backward(Normal(DType.Float32, 99, value.Shape).To(inputs[0].DType).To(value.DType));
        return (value, [.. leaves.Where(IsReal).Select(x => x.Grad ?? x.ZerosLike())]);
    }

    private static bool IsReal(Tensor x) => x.DType is DType.Float32 or DType.BFloat16 or DType.Float64;
}
