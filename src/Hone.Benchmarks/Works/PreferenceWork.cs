using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Works;

/// <summary>P2: steps of direct preference optimisation on recorded pairs, in steady state.</summary>
/// <param name="model">The model.</param>
/// <param name="precision">The dtype of products.</param>
/// <param name="reference">When the reference's log-probs are computed.</param>
internal sealed class PreferenceWork(BenchmarkModel model, string precision, DpoReference reference) : IWorkload
{
    private const int WarmUp = 2;

    private readonly RecordedPair[][] _steps = [.. RecordedSequences.Pairs().Chunk(RecordedSequences.PairsPerStep)];

    public string Name => IsPrecomputed ? $"{Work}/{precision}" : $"{Work}/{precision}/each_step";

    public string Description => $"DPO of {model.Name}, {RecordedSequences.PairsPerStep} pairs a step, "
        + $"reference {(IsPrecomputed ? "precomputed" : "in each step")}, {precision}";

    public bool IsQuick => IsPrecomputed;

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public IEnumerable<CountedProduct> Products => [];

    private string Work => $"P2/{model.Name}";

    private bool IsPrecomputed => reference == DpoReference.Precomputed;

    public Subject Subject(int threads) => new()
    {
        Work = Work,
        Variant = IsPrecomputed ? "precomputed" : "reference_each_step",
        Precision = precision,
        Threads = threads,
    };

    public bool IsUsual(ProcessorRecord processor) => precision == Precisions.BFloat16
        ? processor.HasBFloat16
        : model == BenchmarkModel.L15M || !processor.HasBFloat16;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var steps = context.IsQuick ? 2 : model == BenchmarkModel.L15M ? 8 : 4;
        var stored = context.Models.Find(model);
        var used = _steps.Take(WarmUp + steps).ToArray();
        var method = new DpoOptions { Beta = 0.1, Reference = reference };
        var recipe = TrainingRun.RecipeOf(context, stored, precision, method, Rows(context)) with
        {
            Steps = WarmUp + steps,
            Batch = new BatchOptions { RowsPerStep = RecordedSequences.PairsPerStep },
            Optimizer = new OptimizerOptions { LearningRate = 1e-5, WeightDecay = 0.01 },
        };
        var run = TrainingRun.Run(context, recipe);
        int[] tokens = [.. used.Select(pairs => pairs.Sum(pair => pair.Tokens))];
        var losses = run.Steps.Select(step => step.Metrics["loss"]).ToArray();
        var rates = run.Seconds.Zip(tokens, (seconds, count) => count / seconds).Skip(WarmUp).ToArray();
        var subject = Subject(context.Threads) with { Settings = new JsonObject { ["steps"] = steps } };
        yield return new Measurement(subject, rates, Check.All(
            CheckOf(stored, losses),
            Check.Equal("tokens trained on", run.Steps.Sum(step => step.Tokens), tokens.Sum())))
        {
            Cost = PerToken(),
            UnitsPerSecond = Spread.Of(rates).Median,
            PeakBytes = run.PeakBytes,
            Extra = new JsonObject
            {
                ["step_seconds"] = JsonLists.Of(run.Seconds, 4),
                ["tokens"] = JsonLists.Of(tokens),
                ["losses"] = JsonLists.Of(losses, 6),
                ["overall"] = tokens.Skip(WarmUp).Sum() / run.Seconds.Skip(WarmUp).Sum(),
                ["pairs_per_second"] = RecordedSequences.PairsPerStep * steps / run.Seconds.Skip(WarmUp).Sum(),
                ["start_up_seconds"] = Math.Round(run.PreparationSeconds, 3),
                ["weights"] = stored.Weights,
            },
        };
    }

    private string Rows(WorkContext context) =>
        TrainingRun.WriteRows(context, _steps.SelectMany(pairs => pairs).Select(pair => new Dictionary<string, string>
        {
            ["prompt"] = WordTokenizer.TextOf(pair.Prompt),
            ["chosen"] = " " + WordTokenizer.TextOf(pair.Chosen),
            ["rejected"] = " " + WordTokenizer.TextOf(pair.Rejected),
        }));

    /// <summary>
    /// The first loss is ln 2, whatever the weights; in bf16 the programs themselves are 10⁻³ apart later on.
    /// </summary>
    private Check CheckOf(StoredModel stored, double[] losses)
    {
        var isExact = precision == Precisions.Float32;
        var first = Check.Within(
            "the first loss differs from ln 2 by", Math.Abs(losses[0] - Math.Log(2)), isExact ? 1e-5 : 1e-2);
        return isExact && LossCheck.OfPeers(stored, Work, precision, losses) is { } peers
            ? Check.All(first, peers) : first;
    }

    /// <summary>The cost of one token of the sequences: each prompt goes through the layers once, and the reference
    /// forward where it is asked in each step.</summary>
    private Cost PerToken()
    {
        var cost = new ModelCost(model.Config());
        double steps = _steps.Length;
        var tokens = _steps.Sum(pairs => pairs.Sum(pair => pair.Tokens)) / steps;
        var answers = (long)(_steps.Sum(pairs => pairs.Sum(pair => pair.Answers)) / steps);
        var computed = (long)(_steps.Sum(pairs => pairs.Sum(pair => pair.Prompt.Length + pair.Answers)) / steps);
        var context = _steps.Average(pairs => pairs.Average(pair => pair.Prompt.Length + (pair.Answers / 4.0)));
        var attention = computed * cost.Attention(context) / tokens;
        var forward = IsPrecomputed ? [] : cost.Forward(computed, answers, 1 / tokens);
        return Cost.Of(new Phase
        {
            Products = [.. cost.Training(computed, answers, 1 / tokens), .. forward],
            OtherFlops = (IsPrecomputed ? 3 : 4) * attention,
        });
    }
}
