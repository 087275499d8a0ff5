using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Works;

/// <summary>
/// P11: P1's steps on L15M in fp32, divided among ranks on this machine, which <c>hone train --ranks</c> starts.
/// </summary>
/// <param name="ranks">Processes.</param>
/// <param name="threads">Threads of each.</param>
internal sealed class DataParallelWork(int ranks, int threads) : IWorkload
{
    private const int WarmUp = 2;
    private const string Work = "P11/L15M/batch8";

    private readonly SupervisedWork _alone = new(BenchmarkModel.L15M, Precisions.Float32);

    public string Name => $"{Work}/{ranks}x{threads}";

    public string Description =>
        $"P1 on L15M in fp32 by {ranks} rank{(ranks == 1 ? "" : "s")} x {threads} thread{(threads == 1 ? "" : "s")}";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(10);

    public IEnumerable<CountedProduct> Products => [];

    public Subject Subject(int _) => new()
    {
        Work = Work,
        Variant = $"{ranks}_rank{(ranks == 1 ? "" : "s")}_x_{threads}_thread{(threads == 1 ? "" : "s")}",
        Precision = Precisions.Float32,
        Threads = threads,
        IsAlwaysWall = true,
    };

    public bool IsUsual(ProcessorRecord processor) => ranks * threads <= processor.Cores;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var steps = context.IsQuick ? 3 : 8;
        var stored = context.Models.Find(BenchmarkModel.L15M);
        var recipe = SupervisedWork.RecipeOf(context, stored, Precisions.Float32, WarmUp + steps) with
        {
            Threads = new ThreadCount(threads),
        };
        var file = Path.Combine(context.Scratch, "recipe.yaml");
        File.WriteAllText(file, RecipeWriter.Write(recipe));
        var run = new Events();
        var end = context.Program.Run(
            ["train", file, "--json", .. ranks == 1 ? [] : (string[])["--ranks", $"{ranks}"]], Limit, run.Read,
            CancellationToken.None);
        if (end.Code != 0)
        {
            throw new InvalidOperationException(
                $"hone train must end with 0, ended with {end.Code}: {end.Errors.TrimEnd()}");
        }

        var tokens = RecordedSequences.SupervisedTokens().Take(run.Losses.Count).ToArray();
        var rates = run.Seconds.Zip(tokens, (seconds, count) => count / seconds).Skip(WarmUp).ToArray();
        var subject = Subject(threads) with
        {
            Settings =
                new JsonObject { ["ranks"] = ranks, ["batch"] = RecordedSequences.RowsPerStep, ["steps"] = steps },
        };
        yield return new Measurement(subject, rates, LossCheck.Of(stored, Work, Precisions.Float32, run.Losses))
        {
            Cost = _alone.PerToken(),
            UnitsPerSecond = Spread.Of(rates).Median / ranks, // limits are those of one process
            PeakBytes = run.PeakBytes,
            Extra = new JsonObject
            {
                ["step_seconds"] = JsonLists.Of(run.Seconds, 4),
                ["tokens"] = JsonLists.Of(tokens),
                ["losses"] = JsonLists.Of(run.Losses, 6),
                ["overall"] = tokens.Skip(WarmUp).Sum() / run.Seconds.Skip(WarmUp).Sum(),
                ["weights"] = stored.Weights,
            },
        };
    }

    /// <summary>
    /// What <c>hone train --json</c> tells: a step's loss, and by the time of its line how long it took.
    /// </summary>
    private sealed class Events
    {
        private long _last = TimeProvider.System.GetTimestamp();

        public List<double> Seconds { get; } = [];

        public List<double> Losses { get; } = [];

        public long? PeakBytes { get; private set; }

        public void Read(string line)
        {
            using var json = JsonDocument.Parse(line);
            var now = TimeProvider.System.GetTimestamp();
            if (json.RootElement.GetProperty("event").GetString() == "step")
            {
                Seconds.Add(TimeProvider.System.GetElapsedTime(_last, now).TotalSeconds);
                Losses.Add(json.RootElement.GetProperty("metrics").GetProperty("loss").GetDouble());
                PeakBytes = PeakMemory.OfLargestDescendant(Environment.ProcessId) ?? PeakBytes;
            }

            _last = now;
        }
    }
}
