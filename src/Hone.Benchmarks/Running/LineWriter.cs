using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;

namespace Hone.Benchmarks.Running;

/// <summary>
/// Puts lines together: what a process measured, and what the one that started it knows of the machine.
/// </summary>
/// <param name="processor">The processor.</param>
/// <param name="clock">What is counted: <c>wall</c> or <c>cpu</c> seconds.</param>
public sealed class LineWriter(ProcessorRecord processor, string clock)
{
    private IReadOnlyDictionary<string, string> _versions = new Dictionary<string, string>();

    /// <summary>The line of a case that was measured.</summary>
    public BenchmarkLine Of(Measurement found, MachineLimits limits, Circumstances around)
    {
        _versions = found.Versions.Count > 0 ? found.Versions : _versions;
        var line = Begin(found.Subject, around);
        var figures = Spread.Of(found.Samples);
        line["repetitions"] = found.Samples.Count;
        line["median"] = figures.Median;
        line["min"] = figures.Min;
        line["max"] = figures.Max;
        line["samples"] = new JsonArray([.. found.Samples.Select(sample => (JsonNode)Six(sample))]);
        var extra = (JsonObject)found.Extra.DeepClone();
        foreach (var (name, value) in limits.Judge(found))
        {
            extra[name] = value?.DeepClone();
        }

        extra["check"] = found.Check.Words;
        extra["check_holds"] = found.Check.Holds;
        line["extra"] = extra;
        if (found.PeakBytes is { } bytes)
        {
            line["peak_rss_mb"] = (long)Math.Round(bytes / 1048576.0);
        }

        return End(line, around);
    }

    /// <summary>The line of a case that failed or ran out of time.</summary>
    public BenchmarkLine OfFailure(Subject subject, string error, Circumstances around)
    {
        var line = Begin(subject, around);
        line["error"] = error;
        return End(line, around);
    }

    private JsonObject Begin(Subject subject, Circumstances around) => new()
    {
        ["name"] = subject.Name,
        ["work"] = subject.Work,
        ["impl"] = "hone",
        ["variant"] = subject.Variant,
        ["precision"] = subject.Precision,
        ["metric"] = subject.Metric,
        ["better"] = subject.IsHigherBetter ? "higher" : "lower",
        ["threads"] = subject.Threads,
        ["settings"] = subject.Settings.DeepClone(),
        ["allocator"] = "tuned",
        ["clock"] = subject.IsAlwaysWall ? "wall" : clock,
        ["cpu"] = processor.ToJson(),
        ["load_before"] = around.LoadBefore,
        ["started"] = around.Started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private BenchmarkLine End(JsonObject line, Circumstances around)
    {
        line["versions"] = new JsonObject(_versions.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
        line["wall_s"] = Math.Round(around.WallSeconds, 1);
        line["cpu_s"] = Math.Round(around.CpuSeconds, 1);
        line["others_cpu"] = Math.Round(around.OthersShare, 3);
        return new BenchmarkLine(line);
    }

    /// <summary>Six significant digits, which is more than any clock is good for.</summary>
    private static double Six(double value) =>
        double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>What went on around a case.</summary>
/// <param name="Started">When it began.</param>
/// <param name="LoadBefore">Processes that wanted to run in the minute before.</param>
/// <param name="WallSeconds">Seconds in all.</param>
/// <param name="CpuSeconds">CPU seconds of the case's process.</param>
/// <param name="OthersShare">The share of all cores' time that others took meanwhile.</param>
public sealed record Circumstances(
    DateTimeOffset Started, double LoadBefore, double WallSeconds, double CpuSeconds, double OthersShare);
