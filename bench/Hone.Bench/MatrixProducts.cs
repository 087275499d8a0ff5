using Hone.Torch;

namespace Hone.Bench;

/// <summary>Speed of <c>hidden · weightᵀ</c> from C#, against <c>at::linear</c> in a loop of C++.</summary>
internal static class MatrixProducts
{
    private static readonly Operator Repeat = Operator.Find("hone::repeat");

    private static readonly (long Rows, long Inner, long Columns)[] Sizes = [(32, 768, 768), (2048, 768, 2048), (512, 768, 32000)];

    public static IEnumerable<Measurement> Run(Clock clock) =>
        from dtype in new[] { DType.Float32, DType.BFloat16 }
        from size in Sizes
        select Of(clock, dtype, size.Rows, size.Inner, size.Columns);

    private static Measurement Of(Clock clock, DType dtype, long rows, long inner, long columns)
    {
        using var scope = TensorScope.Open();
        Tensor[] tensors = [Inputs.Normal(dtype, 1, rows, inner), Inputs.Normal(dtype, 2, columns, inner)];
        var work = 2e-9 * rows * inner * columns;
        var managed = work / clock.Seconds(() => tensors[0].Linear(tensors[1]));
        var native = work / clock.SecondsOf(times => Repeat.Run("aten::linear", "", tensors, times));
        return Measurement.Cost("linear", $"{dtype} {rows} x {inner} x {columns}", managed, "GFLOP/s", "at::linear in C++", native);
    }
}
