using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;
using Hone.Training.Progress;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Works;

/// <summary>
/// P3: steps of GRPO from end to end: 2 prompts × 8 completions × exactly 256 tokens, a trivial reward, one update.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="precision">The dtype of products.</param>
internal sealed class PolicyWork(BenchmarkModel model, string precision) : IWorkload
{
    private const int Prompts = 2;
    private const int Group = 8;
    private const int New = 256;
    private const int PromptLength = 64;
    private const int WarmUp = 1;
    private const int Completions = Prompts * Group;

    public string Name => $"{Work}/{precision}";

    public string Description =>
        $"GRPO of {model.Name}, {Prompts} prompts x {Group} completions x {New} tokens a step, {precision}";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(30);

    public IEnumerable<CountedProduct> Products => [];

    private string Work => $"P3/{model.Name}";

    public Subject Subject(int threads) =>
        new() { Work = Work, Variant = "trainer", Precision = precision, Threads = threads };

    public bool IsUsual(ProcessorRecord processor) =>
        precision == Precisions.BFloat16
            ? processor.HasBFloat16 : model == BenchmarkModel.L15M || !processor.HasBFloat16;

    public string? Missing(WorkContext context) => null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var steps = context.IsQuick ? 1 : model == BenchmarkModel.L15M ? 3 : 2;
        var stored = context.Models.Find(model);
        var rows = TrainingRun.WriteRows(context, "prompt", RecordedSequences.Prompts());
        var recipe = TrainingRun.RecipeOf(context, stored, precision, Method(), rows) with
        {
            Steps = WarmUp + steps,
            Batch = new BatchOptions { RowsPerStep = Prompts },
            Optimizer = new OptimizerOptions { LearningRate = 1e-6 },
        };
        var run = TrainingRun.Run(context, recipe);
        const int tokens = Completions * New;
        var generation = run.Steps.Select(step => step.Times.GetValueOrDefault(PhaseKind.Generation)).ToArray();
        var training = run.Seconds.Zip(generation, (whole, part) => whole - part).ToArray();
        var rates = run.Seconds.Skip(WarmUp).Select(seconds => tokens / seconds).ToArray();
        var subject = Subject(context.Threads) with { Settings = new JsonObject { ["steps"] = steps, ["new"] = New } };
        using var engine = LoadedEngine.Open(stored, precision, context.Threads);
        var packing = engine.PackingSeconds(context.Time);
        yield return new Measurement(subject, rates, Results(run))
        {
            Cost = PerToken(),
            UnitsPerSecond = Spread.Of(rates).Median,
            PeakBytes = run.PeakBytes,
            Extra = new JsonObject
            {
                ["step_seconds"] = JsonLists.Of(run.Seconds, 3),
                ["generation_seconds"] = JsonLists.Of(generation, 3),
                ["training_seconds"] = JsonLists.Of(training, 3),
                ["completion_tokens"] = tokens,
                ["generation_share"] = generation.Skip(WarmUp).Sum() / run.Seconds.Skip(WarmUp).Sum(),
                ["generation_tokens_per_second"] = tokens * steps / generation.Skip(WarmUp).Sum(),
                ["training_tokens_per_second"] =
                    (double)Completions * (PromptLength + New) * steps / training.Skip(WarmUp).Sum(),
                ["packing_seconds"] = packing,
                ["packing_share"] = packing / Spread.Of(run.Seconds.Skip(WarmUp)).Median,
                ["weights"] = stored.Weights,
            },
        };
    }

    private static GrpoOptions Method() => new()
    {
        GroupSize = Group,
        MaxNewTokens = New,
        MinNewTokens = New,
        Rewards = [new WordShareRewardOptions { Pattern = "^t[0-9]*[02468]$" }],
    };

    /// <summary>
    /// All completions have their length, half of the ids are even, and the loss of a first update is 0: ratios are 1
    /// and the advantages of groups of equal lengths add up to nothing.
    /// </summary>
    private static Check Results(StepClock run) => Check.All(
        Check.Within(
            "lengths differ by", run.Steps.Max(step => Math.Abs(step.Metrics["completions/mean_length"] - New)), 0),
        Check.Within(
            "the reward differs from 1/2 by", run.Steps.Max(step => Math.Abs(step.Metrics["reward"] - 0.5)), 0.05),
        Check.Within("the loss differs from 0 by", run.Steps.Max(step => Math.Abs(step.Metrics["loss"])), 1e-4));

    /// <summary>
    /// The cost of one completion token: its share of two prompts, of the decoding steps, and of the update.
    /// </summary>
    private Cost PerToken()
    {
        var cost = new ModelCost(model.Config());
        const double tokens = Completions * New;
        const int steps = New - 1;
        var context = PromptLength + (New / 2.0);
        var sampling = new Phase
        {
            Products = [.. cost.Forward(Completions, Completions, steps / tokens)],
            OtherFlops = cost.Attention(context),
            Bytes = steps / tokens * DecodingWork.BytesOfStep(cost, precision, Completions, context),
        };

        // Each prompt goes through the layers once for its whole group.
        long trained = Prompts * (PromptLength + (Group * New));
        var update = new Phase
        {
            Products = [.. cost.Training(trained, Completions * New, 1 / tokens)],
            OtherFlops = 3 * cost.Attention(context),
        };
        return new Cost([sampling, update]);
    }
}
