using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Micro;
using Hone.Benchmarks.Models;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Benchmarks.Works;

/// <summary>One AdamW step over the weights of L110M without its output head, as the trainer makes it.</summary>
/// <param name="precision">Of the moments: <see cref="Precisions.Float32"/> or
/// <see cref="Precisions.ByteStates"/>.</param>
internal sealed class OptimizerWork(string precision) : IWorkload
{
    private const string Work = "optimizer/adamw110M";
    private readonly bool _isCoded = precision == Precisions.ByteStates;

    public string Name => $"{Work}/{(_isCoded ? "8bit" : precision)}";

    public string Description =>
        $"one AdamW step over 109,529,856 weights in float32, moments in {(_isCoded ? "8 bits" : "float32")}";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(5);

    public IEnumerable<CountedProduct> Products => [];

    /// <summary>
    /// Read the weight, its gradient and two moments; write the weight and two moments. The scales that 256 moments
    /// share are not counted, as in the lines of other programs.
    /// </summary>
    private double BytesPerWeight => _isCoded ? 16 : 28;

    private Operator Fused => Operator.Find(OperatorName);

    private Operator Composite => Operator.Find(OperatorName, "composite");

    private string OperatorName => _isCoded ? "hone::adamw_8bit_" : "hone::adamw_";

    public Subject Subject(int threads) =>
        new() { Work = Work, Variant = "fused", Precision = precision, Metric = "s", Threads = threads };

    public bool IsUsual(ProcessorRecord processor) => true;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        ComputeThread.Configure(context.Threads);
        var check = Agreement();
        var shapes = Shapes(context.Models.Find(BenchmarkModel.L110M));
        return [Measure(context, shapes, check)];
    }

    private Measurement Measure(WorkContext context, long[][] shapes, Check check)
    {
        using var scope = TensorScope.Open();
        var runs = context.IsQuick ? 7 : 15;
        var weights = Weights(shapes);
        var step = Stepper(Fused, weights);
        var samples = new List<double>();
        for (var run = 0L; run < runs + 2; run++)
        {
            var begin = context.Time.GetTimestamp();
            step(run + 1);
            samples.Add(context.Time.GetElapsedTime(begin).TotalSeconds);
        }

        samples.RemoveRange(0, 2); // pages of memory that are touched for the first time
        var count = weights.Sum(weight => weight.Count);
        var median = Spread.Of(samples).Median;
        var subject = Subject(context.Threads) with { Settings = new JsonObject { ["runs"] = runs } };
        return new Measurement(subject, samples, Check.All(check, Check.Equal("weights", count, 109_529_856)))
        {
            Cost = Cost.OfBytes(count * BytesPerWeight),
            UnitsPerSecond = 1 / median,
            PeakBytes = PeakMemory.Read(),
            Extra = new JsonObject
            {
                ["parameters"] = count,
                ["GB_per_s"] = Math.Round(count * BytesPerWeight / median / 1e9, 2),
            },
        };
    }

    /// <summary>Whether three steps on some weights leave what the composition of ATen operators leaves.</summary>
    private Check Agreement()
    {
        using var scope = TensorScope.Open();
        var difference = (AfterThreeSteps(Fused) - AfterThreeSteps(Composite)).Abs();

        // A moment that lies between two codes may round to either side, and the next step of its weight follows.
        return _isCoded
            ? Check.Within("of the weights, this share differs from the composition's by more than 1e-7:",
                difference.ToArray<float>().Average(one => one > 1e-7 ? 1.0 : 0), 0.01)
            : Check.Within("weights differ from the composition's by", difference.Max().Item(), 1e-7);
    }

    private Tensor AfterThreeSteps(Operator op)
    {
        var weights = Weights([[301, 1009]]);
        var run = Stepper(op, weights);
        for (var step = 1L; step <= 3; step++)
        {
            run(step);
        }

        return weights[0];
    }

    /// <summary>What makes step t of weights with some gradients, from moments of zero on.</summary>
    private Action<long> Stepper(Operator op, Tensor[] weights)
    {
        var gradients = Make([.. weights.Select(weight => weight.Shape.ToArray())], 1, 1e-3);
        double[] decay = [.. weights.Select(_ => 0.01)];
        const double LearningRate = 1e-4, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
        if (!_isCoded)
        {
            var (m, v) = (Zeros(), Zeros());
            return step => op.Run(weights, gradients, m, v, Array.Empty<Tensor>(),
                LearningRate, Beta1, Beta2, Epsilon, decay, step, 1.0);
        }

        var (first, second) = (CodeTable.SignedBytes, CodeTable.UnsignedBytes);
        var (firstCodes, secondCodes) = (Codes(first), Codes(second));
        var (firstScales, secondScales) = (Scales(), Scales());
        var (signedMap, unsignedMap) = (first.ToTensor(), second.ToTensor());
        return step => op.Run(weights, gradients, firstCodes, firstScales, secondCodes, secondScales,
            signedMap, unsignedMap, LearningRate, Beta1, Beta2, Epsilon, decay, step, 1.0);

        Tensor[] Zeros() => Array.ConvertAll(weights, weight => weight.ZerosLike());
        Tensor[] Codes(CodeTable table) =>
            Array.ConvertAll(weights, weight => Tensor.Full(table.ZeroCode, DType.UInt8, weight.Shape));
        Tensor[] Scales() => Array.ConvertAll(weights, weight => Tensor.Zeros(
            DType.Float32, (weight.Count + CodedMoment.BlockSize - 1) / CodedMoment.BlockSize));
    }

    private static Tensor[] Weights(long[][] shapes) => Make(shapes, 0, 0.02);

    private static Tensor[] Make(long[][] shapes, uint stream, double deviation) =>
        Array.ConvertAll(shapes, shape => Inputs.Normal(DType.Float32, stream, shape) * deviation);

    private static long[][] Shapes(StoredModel model)
    {
        using var checkpoint = Checkpoint.Open(model.Folder);
        return
        [
            .. checkpoint.Names.Where(name => name != "lm_head.weight").Order(StringComparer.Ordinal).Select(
                name => checkpoint.Find(name)!.Shape.ToArray()),
        ];
    }
}
