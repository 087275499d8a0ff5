using Hone.Algorithms;
using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Checks.Rl;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Trajectories;

/// <summary>Complete runs of TRL's GRPO trainer on a real model, from recorded answers and rewards to final
/// weights.</summary>
public sealed class PolicyRunCheck : ICheck
{
    // The README's bounds of log-probs: at the first step, and late in a run, when Adam has turned rounding into steps.
    private static readonly Tolerance FirstLogProbs = new(0, 2e-5);
    private static readonly Tolerance LateLogProbs = new(0, 1e-3);

    public string Area => "rl";

    public IReadOnlyList<string> Kinds => ["trajectories:GRPOTrainer"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var (record, options) = (golden.Record, golden.Options);
        var optimizer = record["optimizer"];
        var (folder, rule) = (TrainingRun.Folder(golden), Rule(optimizer));
        using var run = new TrainingRun(folder, rule, optimizer.NumberOr("max_grad_norm", 1));
        using var reference = options.NumberOr("beta", 0) == 0 ? null : new TrainingRun(folder, rule, 0);
        var undecayed = record["parameters_without_weight_decay"].Items.Select(name => name.Text);
        findings.SameList(
            "weights without decay",
            [.. undecayed.Order(StringComparer.Ordinal)],
            [.. run.Weights.Keys.Where(name => !DecayGroups.Decays(name)).Order(StringComparer.Ordinal)]);

        var generations = new Dictionary<int, RecordedAnswer[]>();
        foreach (var (index, step) in record["steps"].Items.Index())
        {
            Step(golden, findings, run, reference, generations, step, index);
        }

        CompareWeights(golden, findings, run);
    }

    private static void Step(
        GoldenCase golden,
        Findings findings,
        TrainingRun run,
        TrainingRun? reference,
        Dictionary<int, RecordedAnswer[]> generations,
        Field step,
        int index)
    {
        var (options, tolerance) = (golden.Options, golden.Record["tolerance"]);
        var lossTolerance = new Tolerance(tolerance["loss_rtol"].Number, tolerance["loss_atol"].Number);
        var logged = new List<IReadOnlyDictionary<string, double>>();
        var losses = new List<double>();
        foreach (var batch in step["micro_batches"].Items)
        {
            var place = (int)batch["generation"].Whole;
            var generation = golden.Record["generations"].Items[place];
            if (!generations.TryGetValue(place, out var all))
            {
                all = generations[place] = Answers(options, findings, run, reference, generation);
            }

            RecordedAnswer[] answers = [.. batch["rows"].Items.Select(row => all[row.Whole])];
            var objective = new RecordedPolicy(options, answers);
            var sequences = Sequences.OfLengths([.. answers.Select(answer => answer.Example.TrainedTokens)]);
            var counts = TrlPolicy.Counts(options, sequences, generation["num_items_in_batch"].Number);
            var (loss, metrics) = run.Accumulate([.. answers.Select(answer => answer.Example)], objective, counts);
            losses.Add(loss);
            logged.Add(metrics.Means());
            findings.Close(batch["loss"], loss, lossTolerance);
            findings.Close(
                batch["per_token_logps"],
                [.. objective.LogProbs.SelectMany(row => row ?? []).Select(value => (double)value)],
                index == 0 ? FirstLogProbs : LateLogProbs);
        }

        if (step.Value("grad_l2_after_clipping") is { } gradients)
        {
            var norms = run.GradientNorms(clipped: true);
            foreach (var (name, value) in gradients.Entries)
            {
                findings.Close(value, norms[name], new Tolerance(tolerance["grad_norm_rtol"].Number, 1e-7));
            }
        }

        var log = golden.Record["logs"].Items[index];
        findings.Close(log["loss"], losses.Sum(), lossTolerance);
        var norm = run.Step(step["lr"].Numbers[0]);
        findings.Close(log["grad_norm"], norm, new Tolerance(tolerance["grad_norm_rtol"].Number, 1e-6));
        findings.Close(step["weights_l2_after"], run.WeightNorm, new Tolerance(tolerance["weights_l2_rtol"].Number));
        CompareMetrics(findings, log, logged);
    }

    /// <summary>TRL logs the plain mean over micro-batches of what each has.</summary>
    private static void CompareMetrics(Findings findings, Field log, List<IReadOnlyDictionary<string, double>> logged)
    {
        foreach (var name in logged[0].Keys)
        {
            if (log.Find(name) is { } value)
            {
                findings.Close(value, logged.Average(metrics => metrics[name]), new Tolerance(1e-3, 1e-5));
            }
        }
    }

    /// <summary>What belongs to a generation: advantages from the rewards, log-probs under the weights that
    /// sampled.</summary>
    private static RecordedAnswer[] Answers(
        Field options, Findings findings, TrainingRun run, TrainingRun? reference, Field generation)
    {
        var rows = generation["rows"].Items;
        TrainingExample[] examples = [.. rows.Select(RecordedAnswer.ExampleOf)];
        var rewards = AdvantageCheck.Rewards([.. rows.Select(row => row["rewards_per_func"])], options);
        var advantages = AdvantageCheck.Advantages(rewards, options);
        var temperature = options.NumberOr("temperature", 1);
        var old = run.LogProbs(examples, temperature);
        var anchor = reference?.LogProbs(examples, temperature);
        for (var i = 0; i < rows.Count; i++)
        {
            findings.Close(rows[i]["advantage"], advantages.Values[i], new Tolerance(1e-4, 1e-5));
            if (rows[i].Value("old_per_token_logps") is { } recorded && rows[i]["in_loss"].Flag)
            {
                findings.Close(recorded, [.. old[i].Select(value => (double)value)], LateLogProbs);
            }
        }

        return [.. examples.Select(
            (example, i) => new RecordedAnswer(example, advantages.Values[i], old[i], anchor?[i]))];
    }

    private static void CompareWeights(GoldenCase golden, Findings findings, TrainingRun run)
    {
        var tolerance = golden.Record["tolerance"];
        foreach (var (name, final) in golden.Record["final_weights"].Entries)
        {
            var norm = GradientClipping.GlobalNorm([run.Weights[name]]);
            findings.Close(final["l2"], norm, new Tolerance(tolerance["weights_l2_rtol"].Number));
        }

        if (!File.Exists(golden.Beside("final.safetensors")))
        {
            return;
        }

        using var file = SafetensorsFile.Open(golden.Beside("final.safetensors"));
        foreach (var name in file.Header.Entries.Select(entry => entry.Name).Where(run.Weights.ContainsKey))
        {
            var nearly = new Tolerance(0, tolerance["weight_atol"].Number);
            var expected = file.Load(name).ToArray<double>();
            findings.Close($"final {name}", expected, run.Weights[name].ToArray<double>(), nearly);
        }
    }

    private static Adam Rule(Field optimizer) => new()
    {
        Beta1 = optimizer.NumberOr("adam_beta1", 0.9),
        Beta2 = optimizer.NumberOr("adam_beta2", 0.999),
        Epsilon = optimizer.NumberOr("adam_epsilon", 1e-8),
        WeightDecay = optimizer.NumberOr("weight_decay", 0),
    };
}
