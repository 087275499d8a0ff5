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
        var runs = context.IsQuick ? 7 : 15;
        var samples = new List<double>();
        for (var run = 0; run < runs + 2; run++)
        {
            var begin = context.Time.GetTimestamp();
            MatmulOut.Run(a, b, result);
            samples.Add(2.0 * Side * Side * Side / context.Time.GetElapsedTime(begin).TotalSeconds / 1e9);
        }

        samples.RemoveRange(0, 2);
        return new Measurement(
            Subject(MachineLimits.ProductWork, $"matmul_{threads}t", type, runs), samples, Entries(a, b, result, type));
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
            Subject($"{MachineLimits.ShapeWork}{product}", $"mm_{threads}t", type, samples.Length), samples,
            Entries(a, b, result, type));
    }

    private Subject Subject(string work, string variant, DType type, int runs) => new()
    {
        Work = work,
        Variant = variant,
        Precision = Precisions.Of(type),
        Metric = "GFLOP/s",
        Threads = threads,
        Settings = new JsonObject { ["runs"] = runs },
    };

    /// <summary>The first and the last entry against their sums in double.</summary>
    private static Check Entries(Tensor a, Tensor b, Tensor result, DType type)
    {
        double Error(long row, long column)
        {
            var left = a.Select(0, row).ToArray<float>();
            var right = b.Select(1, column).ToArray<float>();
            var (sum, size) = (0.0, 0.0);
            for (var i = 0; i < left.Length; i++)
            {
                sum += (double)left[i] * right[i];
                size += Math.Abs((double)left[i] * right[i]);
            }

            return Math.Abs(result.Select(0, row).Select(0, column).Item() - sum) / size;
        }

        var shape = result.Shape;
        return Check.Within(
            "two entries differ from sums in double by a share of",
            Math.Max(Error(0, 0), Error(shape[0] - 1, shape[1] - 1)),
            type == DType.BFloat16 ? 1e-2 : 1e-5);
    }
}
