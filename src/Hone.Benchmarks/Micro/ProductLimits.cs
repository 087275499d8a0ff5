using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Works;
using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>Rates of matrix products.</summary>
/// <param name="context">What works are done with.</param>
/// <param name="threads">Threads that compute, set already.</param>
internal sealed class ProductLimits(WorkContext context, int threads)
{
    private const long Side = 2048;
    private static readonly Operator MatmulOut = Operator.Find("aten::matmul", "out");
    private static readonly Operator MultiplyOut = Operator.Find("aten::mm", "out");

    /// <summary>The product of two matrices of 2048 × 2048, into an existing one.</summary>
    public Measurement Large(DType type)
    {
        using var scope = TensorScope.Open();
        var (a, b) = (Inputs.Normal(type, 1, Side, Side), Inputs.Normal(type, 2, Side, Side));
        var result = Tensor.Empty(type, Side, Side);
        return Large(
            Precisions.Of(type), () => MatmulOut.Run(a, b, result), () => Entries(a, b, result, type));
    }

    /// <summary>The same of 8-bit integers, summed in 32 bits.</summary>
    public Measurement Integers()
    {
        using var scope = TensorScope.Open();
        var numbers = Enumerable.Range(0, (int)(Side * Side)).Select(i => i * 40503L >> 7);
        var (a, b) = (Tensor.From<byte>([.. numbers.Select(number => (byte)number)], Side, Side),
            Tensor.From<sbyte>([.. numbers.Select(number => (sbyte)(number >> 3))], Side, Side));
        var result = Tensor.Empty(DType.Int32, Side, Side);
        return Large(
            Precisions.Int8, () => IntegerProduct.Compute(a, b, result),
            () => Check.Within("two entries differ from sums in double by a share of", LargestError(a, b, result), 0));
    }

    private Measurement Large(string precision, Action multiply, Func<Check> check)
    {
        var runs = context.IsQuick ? 7 : 15;
        var samples = new List<double>();
        for (var run = 0; run < runs + 2; run++)
        {
            var begin = context.Time.GetTimestamp();
            multiply();
            samples.Add(2.0 * Side * Side * Side / context.Time.GetElapsedTime(begin).TotalSeconds / 1e9);
        }

        samples.RemoveRange(0, 2);
        return new Measurement(
            Subject(MachineLimits.ProductWork, $"matmul_{threads}t", precision, runs), samples, check());
    }

    /// <summary>
    /// A product of a shape that the models of this round have, its operands lying as a linear layer has them.
    /// </summary>
    public Measurement Shape(DType type, MatrixProduct product)
    {
        using var scope = TensorScope.Open();
        var (rows, inner, columns) = (product.Rows, product.Inner, product.Columns);
        var (a, b) = product.Kind switch
        {
            ProductKind.Forward =>
                (Inputs.Normal(type, 1, rows, inner), Inputs.Normal(type, 2, columns, inner).Transpose(0, 1)),
            ProductKind.Input => (Inputs.Normal(type, 1, rows, inner), Inputs.Normal(type, 2, inner, columns)),
            _ => (Inputs.Normal(type, 1, inner, rows).Transpose(0, 1), Inputs.Normal(type, 2, inner, columns)),
        };
        var result = Tensor.Empty(type, rows, columns);
        var clock =
            new Clock(context.Time, context.IsQuick ? 3 : 5, TimeSpan.FromMilliseconds(context.IsQuick ? 5 : 20));
        double[] samples = [.. clock.Seconds(() => MultiplyOut.Run(a, b, result)).Select(
            seconds => product.Flops / seconds / 1e9)];
        return new Measurement(
            Subject($"{MachineLimits.ShapeWork}{product}", $"mm_{threads}t", Precisions.Of(type), samples.Length),
            samples, Entries(a, b, result, type));
    }

    private Subject Subject(string work, string variant, string precision, int runs) => new()
    {
        Work = work,
        Variant = variant,
        Precision = precision,
        Metric = "GFLOP/s",
        Threads = threads,
        Settings = new JsonObject { ["runs"] = runs },
    };

    /// <summary>The first and the last entry against their sums in double.</summary>
    private static Check Entries(Tensor a, Tensor b, Tensor result, DType type) => Check.Within(
        "two entries differ from sums in double by a share of", LargestError(a, b, result),
        type == DType.BFloat16 ? 1e-2 : 1e-5);

    private static double LargestError(Tensor a, Tensor b, Tensor result)
    {
        double Error(long row, long column)
        {
            var left = a.Select(0, row).To(DType.Float32).ToArray<float>();
            var right = b.Select(1, column).To(DType.Float32).ToArray<float>();
            var (sum, size) = (0.0, 0.0);
            for (var i = 0; i < left.Length; i++)
            {
                sum += (double)left[i] * right[i];
                size += Math.Abs((double)left[i] * right[i]);
            }

            return Math.Abs(result.Select(0, row).Select(0, column).Item() - sum) / size;
        }

        var shape = result.Shape;
        return Math.Max(Error(0, 0), Error(shape[0] - 1, shape[1] - 1));
    }
}
