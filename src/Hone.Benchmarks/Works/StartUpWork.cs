using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;

namespace Hone.Benchmarks.Works;

/// <summary>
/// How long somebody waits for a command that computes nothing: from its start to its end, the runtime included.
/// </summary>
internal sealed class StartUpWork : IWorkload
{
    public string Name => "start-up";

    public string Description => "seconds from the start of hone --version and of hone plan to their ends";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(3);

    public IEnumerable<CountedProduct> Products => [];

    public Subject Subject(int threads) =>
        new() { Work = Name, Variant = "process", Metric = "s", Threads = threads, IsAlwaysWall = true };

    public bool IsUsual(ProcessorRecord processor) => true;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        yield return Measure(context, "version", target: 0.1, ["--version"], "hone ");

        TrainingRun.WriteRows(context, "text", RecordedSequences.Supervised());
        var recipe = Path.Combine(context.Scratch, "recipe.yaml");
        File.WriteAllText(recipe, $$"""
            method: sft
            seed: 1
            steps: 10
            output: {{Path.Combine(context.Scratch, "run")}}
            compute: float32
            model: {path: {{context.Models.Find(BenchmarkModel.L15M).Folder}}}
            data: {train: {path: {{Path.Combine(context.Scratch, "rows.jsonl")}}}, max_length: 512}
            """);
        yield return Measure(context, "plan", target: 0.3, ["plan", recipe], "method   sft");
    }

    private Measurement Measure(WorkContext context, string what, double target, string[] words, string beginning)
    {
        var runs = context.IsQuick ? 10 : 20;
        var samples = new List<double>();
        var wrong = 0;
        for (var run = 0; run <= runs; run++)
        {
            var output = new List<string>();
            var begin = TimeProvider.System.GetTimestamp(); // wall seconds: the time is spent in another process
            var end = context.Program.Run(words, Limit, output.Add, CancellationToken.None);
            samples.Add(TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
            wrong += end.Code == 0 && output is [var first, ..]
                && first.StartsWith(beginning, StringComparison.Ordinal) ? 0 : 1;
        }

        samples.RemoveAt(0); // files that were not in memory
        var subject =
            Subject(context.Threads) with { Work = $"start-up/{what}", Settings = new JsonObject { ["runs"] = runs } };
        return new Measurement(subject, samples, Check.Equal("runs that failed or said something else", wrong, 0))
        {
            Extra = new JsonObject { ["target_seconds"] = target },
        };
    }
}
