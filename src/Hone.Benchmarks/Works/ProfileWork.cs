using System.Text.Json.Nodes;
using Hone.Algorithms.Optimizers;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Micro;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Data;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Benchmarks.Works;

/// <summary>Where the time of P1's steps goes: each operator's own milliseconds in one step after warm-up, in
/// <c>extra.operators</c>.</summary>
/// <param name="model">The model.</param>
/// <param name="precision">The dtype of products.</param>
internal sealed class ProfileWork(BenchmarkModel model, string precision) : IWorkload
{
    private const int WarmUp = 3;

    public string Name => $"profile/{model.Name}/{precision}";

    public string Description => $"one step of P1 on {model.Name} split by operators, {precision}";

    public bool IsQuick => false;

    public TimeSpan Limit => TimeSpan.FromMinutes(5);

    public IEnumerable<CountedProduct> Products => [];

    public Subject Subject(int threads) =>
        new()
        {
            Work = $"profile/{model.Name}",
            Variant = "trainer",
            Precision = precision,
            Metric = "s",
            Threads = threads,
        };

    public bool IsUsual(ProcessorRecord processor) => false;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context) => [Measure(context)];

    private Measurement Measure(WorkContext context)
    {
        ComputeThread.Configure(context.Threads);
        using var scope = TensorScope.Open();
        using var folder =
            ModelFolder.Load(context.Models.Find(model).Folder, DType.Float32, Precisions.TypeOf(precision));
        folder.Decoder.SetTrainable(true);
        using var optimizer =
            new OptimizerState(folder.Decoder.Parameters, new Adam { WeightDecay = 0.01 }, clipNorm: 1);
        var updater = new ModelUpdater(folder.Decoder, optimizer, new BatchOptions().TokensPerMicroBatch);
        var (objective, metrics) = (new SftObjective(new SftOptions()), new MetricSet());
        var examples = RecordedSequences.Supervised().Take(RecordedSequences.RowsPerStep).Select(Example).ToArray();
        void Step() => updater.Update(examples, objective, 1e-4, metrics, CancellationToken.None);

        for (var step = 0; step < WarmUp; step++)
        {
            Step();
        }

        TensorMemory.ResetPeak();
        var begin = context.Time.GetTimestamp();
        var operators = OperatorProfile.Of(Step, context.Time is CpuTime);
        var seconds = context.Time.GetElapsedTime(begin).TotalSeconds;
        var tokens = examples.Sum(example => example.Length);
        var subject = Subject(context.Threads) with { Settings = new JsonObject { ["tokens"] = tokens } };
        return new Measurement(
            subject, [seconds], Check.Equal("tokens trained on", updater.Tokens, (WarmUp + 1) * tokens))
        {
            PeakBytes = PeakMemory.Read(),
            Extra = new JsonObject
            {
                ["operators"] = new JsonArray([.. operators.Where(time => time.Seconds > seconds / 5000).Select(Row)]),
                ["operators_seconds"] = Math.Round(operators.Sum(time => time.Seconds), 4),
                ["tensors_live_mb"] = TensorMemory.Live / 1_000_000,
                ["tensors_peak_mb"] = TensorMemory.Peak / 1_000_000,
            },
        };
    }

    private static JsonObject Row(OperatorTime time) =>
        new() { ["name"] = time.Name, ["calls"] = time.Calls, ["ms"] = Math.Round(1e3 * time.Seconds, 2) };

    private static TrainingExample Example(int[] ids) => new(ids, [.. ids.Select((_, at) => at > 0)]);
}
