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
internal sealed class OptimizerWork : IWorkload
{
    /// <summary>Read the weight, its gradient and two moments; write the weight and two moments.</summary>
    private const double BytesPerWeight = 28;

    private static readonly Operator AdamW = Operator.Find("hone::adamw_");
    private static readonly Operator Composite = Operator.Find("hone::adamw_", "composite");

    public string Name => "optimizer/adamw110M";

    public string Description => "one AdamW step over 109,529,856 weights in float32";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(5);

    public IEnumerable<CountedProduct> Products => [];

    public Subject Subject(int threads) =>
        new() { Work = Name, Variant = "fused", Precision = Precisions.Float32, Metric = "s", Threads = threads };

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
        var weights = Make(shapes, 0, 0.02);
        var gradients = Make(shapes, 1, 1e-3);
        var (first, second) = (Array.ConvertAll(weights, weight => weight.ZerosLike()),
            Array.ConvertAll(weights, weight => weight.ZerosLike()));
        var samples = new List<double>();
        for (var run = 0L; run < runs + 2; run++)
        {
            var begin = context.Time.GetTimestamp();
            Step(AdamW, weights, gradients, first, second, run + 1);
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
    private static Check Agreement()
    {
        using var scope = TensorScope.Open();
        Tensor Result(Operator op)
        {
            long[][] shapes = [[301, 1009]];
            var (weights, gradients, first, second) =
                (Make(shapes, 0, 0.02), Make(shapes, 1, 1e-3), Make(shapes, 2, 0), Make(shapes, 3, 0));
            for (var step = 1L; step <= 3; step++)
            {
                Step(op, weights, gradients, first, second, step);
            }

            return weights[0];
        }

        var (found, expected) = (Result(AdamW), Result(Composite));
        return Check.Within("weights differ from the composition's by", (found - expected).Abs().Max().Item(), 1e-7);
    }

    private static void Step(
        Operator op, Tensor[] weights, Tensor[] gradients, Tensor[] first, Tensor[] second, long step) =>
        op.Run(weights, gradients, first, second, Array.Empty<Tensor>(), 1e-4, 0.9, 0.999, 1e-8,
            Decay(weights), step, 1.0);

    private static double[] Decay(Tensor[] weights)
    {
        var decay = new double[weights.Length];
        decay.AsSpan().Fill(0.01);
        return decay;
    }

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
