using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Data;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Works;

/// <summary>P1: steps of supervised fine-tuning on recorded sequences, in steady state.</summary>
/// <param name="model">The model.</param>
/// <param name="precision">The dtype of products.</param>
internal sealed class SupervisedWork(BenchmarkModel model, string precision) : IWorkload
{
    private const int WarmUp = 2;

    private readonly IReadOnlyList<int> _tokens = RecordedSequences.SupervisedTokens();

    public string Name => $"{Work}/{precision}";

    public string Description =>
        $"supervised fine-tuning of {model.Name}, {RecordedSequences.RowsPerStep} sequences a step, {precision}";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public IEnumerable<CountedProduct> Products => StepCost().Phases[0].Products;

    private string Work => $"P1/{model.Name}";

    public Subject Subject(int threads) =>
        new() { Work = Work, Variant = "trainer", Precision = precision, Threads = threads };

    public bool IsUsual(ProcessorRecord processor) => precision == Precisions.Float32 || processor.HasBFloat16;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var steps = context.IsQuick ? 2 : 8;
        var stored = context.Models.Find(model);
        var recipe = RecipeOf(context, stored, precision, WarmUp + steps);
        var run = TrainingRun.Run(context, recipe);
        var losses = run.Steps.Select(step => step.Metrics["loss"]).ToArray();
        var rates = run.Seconds.Zip(_tokens, (seconds, tokens) => tokens / seconds).Skip(WarmUp).ToArray();
        var subject = Subject(context.Threads) with
        {
            Settings =
                new JsonObject { ["steps"] = steps, ["tokens_per_micro_batch"] = recipe.Batch.TokensPerMicroBatch },
        };
        yield return new Measurement(subject, rates, Check.All(
            LossCheck.Of(stored, Work, precision, losses),
            Check.Equal("tokens trained on", run.Steps.Sum(step => step.Tokens), _tokens.Take(losses.Length).Sum())))
        {
            Cost = PerToken(),
            UnitsPerSecond = Spread.Of(rates).Median,
            PeakBytes = run.PeakBytes,
            Extra = new JsonObject
            {
                ["step_seconds"] = JsonLists.Of(run.Seconds, 4),
                ["tokens"] = JsonLists.Of(_tokens.Take(losses.Length)),
                ["losses"] = JsonLists.Of(losses, 6),
                ["overall"] = _tokens.Take(losses.Length).Skip(WarmUp).Sum() / run.Seconds.Skip(WarmUp).Sum(),
                ["weights"] = stored.Weights,
            },
        };
    }

    /// <summary>The recipe of so many steps, whose rows are written.</summary>
    internal static Recipe RecipeOf(WorkContext context, StoredModel stored, string precision, int steps)
    {
        var rows = TrainingRun.WriteRows(context, "text", RecordedSequences.Supervised());
        var method = new SftOptions { TrainOn = TrainOn.Everything };
        return TrainingRun.RecipeOf(context, stored, precision, method, rows) with
        {
            Steps = steps,
            Batch = new BatchOptions { RowsPerStep = RecordedSequences.RowsPerStep },
            Optimizer = new OptimizerOptions { LearningRate = 1e-4, WeightDecay = 0.01 },
        };
    }

    /// <summary>The cost of a token, with the products of a step of mean length.</summary>
    internal Cost PerToken()
    {
        var phase = StepCost().Phases[0];
        var tokens = _tokens.Average();
        return Cost.Of(phase with
        {
            Products = [.. phase.Products.Select(one => one with { Times = one.Times / tokens })],
            OtherFlops = phase.OtherFlops / tokens,
        });
    }

    private Cost StepCost()
    {
        var cost = new ModelCost(model.Config());
        var sequences = RecordedSequences.Supervised();
        var (tokens, steps) = ((long)_tokens.Average(), (double)_tokens.Count);
        return Cost.Of(new Phase
        {
            Products = [.. cost.Training(tokens, tokens - RecordedSequences.RowsPerStep, times: 1)],

            // Forward, and twice as much backward; a token sees half of its sequence on average.
            OtherFlops = 3 * sequences.Sum(ids => ids.Length * cost.Attention((ids.Length + 1) / 2.0)) / steps,
        });
    }
}
