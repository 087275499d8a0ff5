using Hone.Torch;

namespace Hone.Bench;

/// <summary>What a call of a small operator costs from C#, against the same boxed call in a loop of C++.</summary>
internal static class CallCosts
{
    private const string Group = "call";
    private static readonly Operator Add = Operator.Find("aten::add", "Tensor");
    private static readonly Operator Transpose = Operator.Find("aten::t");
    private static readonly Operator Repeat = Operator.Find("hone::repeat");

    public static IEnumerable<Measurement> Run(Clock clock)
    {
        using var scope = TensorScope.Open();
        Tensor[] pair = [Tensor.Of(1f, 2f, 3f, 4f), Tensor.Of(1f, 2f, 3f, 4f)];
        Tensor[] matrix = [Tensor.Ones(DType.Float32, 2, 2)];
        return
        [
            .. Of(clock, "aten::add of 4 floats", "Tensor", pair, () => Add.Run(pair[0], pair[1]), () => Add.Call(pair[0], pair[1])),
            .. Of(clock, "aten::t, a view", "", matrix, () => Transpose.Run(matrix[0]), () => Transpose.Call(matrix[0])),
        ];
    }

    private static Measurement[] Of(
        Clock clock, string name, string overload, Tensor[] tensors, Action run, Func<Tensor> call)
    {
        var op = name.Split(' ', ',')[0];
        var native = 1e9 * clock.SecondsOf(times => Repeat.Run(op, overload, tensors, times));
        var bare = 1e9 * clock.SecondsOf(times =>
        {
            for (var i = 0L; i < times; i++)
            {
                run();
            }
        });
        var disposed = 1e9 * clock.SecondsOf(times =>
        {
            for (var i = 0L; i < times; i++)
            {
                call().Dispose();
            }
        });
        return
        [
            Measurement.Cost(Group, name, bare, "ns", "boxed call in C++", native, limit: 1.5),
            Measurement.Cost(Group, $"{name}, with handle and disposal", disposed, "ns", "boxed call in C++", native, limit: 1.8),
        ];
    }
}
