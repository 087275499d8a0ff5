using System.Text.Json.Nodes;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Works;
using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>What calls cost beside what they compute: an operator from C#, the same boxed call in a loop of C++, a
/// barrier of threads.</summary>
/// <param name="context">What works are done with.</param>
internal sealed class CallCosts(WorkContext context)
{
    private static readonly Operator Add = Operator.Find("aten::add", "Tensor");
    private static readonly Operator Transpose = Operator.Find("aten::t");
    private static readonly Operator Linear = Operator.Find("aten::linear");
    private static readonly Operator Repeat = Operator.Find("hone::repeat");
    private static readonly Operator Regions = Operator.Find("hone::parallel_regions");

    private readonly Clock _clock = Clock.Of(context.Time, context.IsQuick);

    public IEnumerable<Measurement> Run()
    {
        using var scope = TensorScope.Open();
        Tensor[] pair = [Tensor.Of(1f, 2f, 3f, 4f), Tensor.Of(1f, 2f, 3f, 4f)];
        Tensor[] matrix = [Tensor.Ones(DType.Float32, 2, 2)];
        Tensor[] layer = [Inputs.Normal(DType.Float32, 1, 32, 768), Inputs.Normal(DType.Float32, 2, 768, 768)];
        return
        [
            .. Calls("add of 4 floats", "aten::add", "Tensor", pair, () => Add.Run(pair[0], pair[1]),
                () => Add.Call(pair[0], pair[1])),
            .. Calls(
                "t, a view", "aten::t", "", matrix, () => Transpose.Run(matrix[0]), () => Transpose.Call(matrix[0])),
            .. Calls(
                "linear 32x768x768", "aten::linear", "", layer, () => Linear.Run(layer[0], layer[1]),
                () => Linear.Call(layer[0], layer[1])),
            Barrier(),
        ];
    }

    private Measurement[] Calls(
        string name, string op, string overload, Tensor[] tensors, Action run, Func<Tensor> call)
    {
        var native = Spread.Of(_clock.SecondsOf(times => Repeat.Run(op, overload, tensors, times))).Median;
        var bare = _clock.SecondsOf(times =>
        {
            for (var i = 0L; i < times; i++)
            {
                run();
            }
        });
        var disposed = _clock.SecondsOf(times =>
        {
            for (var i = 0L; i < times; i++)
            {
                call().Dispose();
            }
        });
        return [Line($"limits/call/{name}", "result_dropped", bare, native),
            Line($"limits/call/{name}", "handle_and_disposal", disposed, native)];
    }

    private Measurement Line(string work, string variant, double[] samples, double native) => new(
        Subject(work, variant), samples, new Check(true, "nothing is computed that could be wrong"))
    {
        Extra = new JsonObject
        {
            ["boxed_call_in_c++_seconds"] = native,
            ["ratio"] = Math.Round(Spread.Of(samples).Median / native, 2),
        },
    };

    /// <summary>An empty parallel region: what every operator that uses all threads pays for it.</summary>
    private Measurement Barrier() => new(
        Subject("limits/barrier", "empty_region"), _clock.SecondsOf(times => Regions.Run(times)),
        new Check(true, "nothing is computed that could be wrong"));

    private Subject Subject(string work, string variant) =>
        new() { Work = work, Variant = variant, Metric = "s", Threads = context.Threads };
}
