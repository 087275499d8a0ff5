using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Works;
using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>
/// Each fused operator, forward and with its backward pass, against its composition of ATen operators.
/// </summary>
internal sealed class FusedWork : IWorkload
{
    public string Name => "fused";

    public string Description => "each fused operator against its composition of ATen operators, forward and backward";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(10);

    public IEnumerable<CountedProduct> Products => [];

    public Subject Subject(int threads) => new() { Work = Name, Variant = "all", Metric = "s", Threads = threads };

    public bool IsUsual(ProcessorRecord processor) => true;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        ComputeThread.Configure(context.Threads);
        DType[] types = context.Processor.HasBFloat16 ? [DType.Float32, DType.BFloat16] : [DType.Float32];
        foreach (var type in types)
        {
            foreach (var cases in new Func<DType, IEnumerable<FusedCase>>[] { FusedCases.Layers, FusedCases.Attention,
                FusedCases.Head })
            {
                foreach (var found in Measure(context, type, cases))
                {
                    yield return found;
                }
            }
        }
    }

    private static List<Measurement> Measure(WorkContext context, DType type, Func<DType, IEnumerable<FusedCase>> cases)
    {
        using var scope = TensorScope.Open();
        var clock = Clock.Of(context.Time, context.IsQuick);
        var results = new List<Measurement>();
        foreach (var one in cases(type))
        {
            results.Add(Measure(context, clock, type, one, backward: false));
            if (one.Leaves is [_, ..])
            {
                results.Add(Measure(context, clock, type, one, backward: true));
            }
        }

        return results;
    }

    private static Measurement Measure(WorkContext context, Clock clock, DType type, FusedCase one, bool backward)
    {
        var (fused, composite) = (Operator.Find(one.Operator), Operator.Find(one.Operator, "composite"));
        var error = FusedError.Of(one, fused, composite, backward);
        var seed = Seed(one, fused);
        var seconds = clock.Seconds(() => Call(one, fused, backward ? seed : null));
        var slow = Spread.Of(clock.Seconds(() => Call(one, composite, backward ? seed : null))).Median;
        var subject = new Subject
        {
            Work = $"fused/{one.Name}{(backward ? " backward" : "")}",
            Variant = "fused",
            Precision = Precisions.Of(type),
            Metric = "s",
            Threads = context.Threads,
        };
        var median = Spread.Of(seconds).Median;
        return new Measurement(subject, seconds,
            Check.Within("differs from the composition by", error, type == DType.BFloat16 ? 3e-2 : 1e-4))
        {
            Cost = backward ? null : one.Cost,
            UnitsPerSecond = 1 / median,
            Extra = new JsonObject { ["composition_seconds"] = slow, ["times_faster"] = Math.Round(slow / median, 2) },
        };
    }

    private static Tensor Seed(FusedCase one, Operator op)
    {
        using var still = Autograd.NoGrad();
        return one.Call(op) * 0 + 1;
    }

    private static void Call(FusedCase one, Operator op, Tensor? seed)
    {
        if (seed is null)
        {
            using var still = Autograd.NoGrad();
            one.Call(op);
            return;
        }

        one.Call(op).Backward(seed);
        foreach (var leaf in one.Leaves)
        {
            leaf.Grad = null;
        }
    }
}
