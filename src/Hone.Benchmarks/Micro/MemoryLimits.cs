using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Works;
using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>
/// Rates of memory, on arrays of 256 MiB, far beyond any cache. What is read only to be overwritten is not counted.
/// </summary>
/// <param name="context">What works are done with.</param>
/// <param name="threads">Threads that compute, set already.</param>
internal sealed class MemoryLimits(WorkContext context, int threads)
{
    private const long Floats = 1 << 26;
    private static readonly Operator AddOut = Operator.Find("aten::add", "out");

    /// <summary>Measures one kind of traffic.</summary>
    public Measurement Measure(MemoryTraffic kind)
    {
        using var scope = TensorScope.Open();
        var (a, b, c) = (Tensor.Ones(DType.Float32, Floats), Tensor.Ones(DType.Float32, Floats),
            Tensor.Ones(DType.Float32, Floats));
        var sum = 0.0;
        var (arrays, run) = kind switch
        {
            MemoryTraffic.Copy => (2, (Action)(() => a.CopyFrom(b))),
            MemoryTraffic.Triad => (3, () => AddOut.Run(b, c, 3.0, a)),
            _ => (1, () => sum = b.Sum().Item()),
        };
        var runs = context.IsQuick ? 5 : 9;
        var samples = new List<double>();
        for (var i = 0; i < runs + 2; i++)
        {
            using var inner = TensorScope.Open();
            var begin = context.Time.GetTimestamp();
            run();
            samples.Add(4.0 * arrays * Floats / context.Time.GetElapsedTime(begin).TotalSeconds / 1e9);
        }

        samples.RemoveRange(0, 2);
        var subject = new Subject
        {
            Work = MachineLimits.MemoryWork,
            Variant = $"{kind.ToString().ToLowerInvariant()}_{threads}t",
            Precision = Precisions.Float32,
            Metric = "GB/s",
            Threads = threads,
            Settings = new JsonObject { ["kind"] = kind.ToString().ToLowerInvariant(), ["runs"] = runs },
        };

        // 1 copied is 1; 1 + 3 · 1 is 4; 2^26 ones have a sum that float32 holds exactly.
        var (found, expected) = kind == MemoryTraffic.Read
            ? (sum, Floats) : (a.Select(0, Floats - 1).Item(), kind == MemoryTraffic.Copy ? 1 : 4);
        return new Measurement(subject, samples, Check.Within("the result differs by", Math.Abs(found - expected), 0));
    }
}

/// <summary>What is done with memory.</summary>
internal enum MemoryTraffic
{
    /// <summary>One array is read, another written.</summary>
    Copy,

    /// <summary>Two arrays are read, one is written: a = b + 3c.</summary>
    Triad,

    /// <summary>One array is read: its sum.</summary>
    Read,
}
