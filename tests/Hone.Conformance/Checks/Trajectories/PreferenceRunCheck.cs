using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;

namespace Hone.Conformance.Checks.Trajectories;

/// <summary>Complete runs of direct preference optimisation on a real model.</summary>
public sealed class PreferenceRunCheck : ICheck
{
    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["trajectories:dpo"];

    public string? NotOffered(GoldenCase golden) => golden switch
    {
        _ when golden.Record.Value("lora") is not null => "methods do not train adapters yet",
        _ when LossType(golden.Options) is not "sigmoid" and var other => $"the objective {other} is not offered yet",
        _ when golden.Options.FlagOr("sync_ref_model", false) =>
            "a reference that follows the model is not offered yet",
        _ => null,
    };

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var (record, options, tolerance) = (golden.Record, golden.Options, golden.Record["tolerance"]);
        var dpo = new DpoOptions { Beta = options.NumberOr("beta", 0.1) };
        using var run =
            new TrainingRun(TrainingRun.Folder(golden), RecordedRun.Rule(record), options.NumberOr("max_grad_norm", 1));
        var batches =
            record["steps"].Items.Select(
                step => step["micro_batches"].Items.Select(batch => Examples(batch["inputs"])).ToArray()).ToArray();
        var references =
            batches.Select(step => step.Select(examples => run.LogProbs(examples, temperature: 1)).ToArray()).ToArray();
        foreach (var (index, step) in record["float64"]["steps"].Items.Index())
        {
            var counts = batches[index].Aggregate(
                default(GlobalCounts), (sum, examples) => sum + new GlobalCounts(0, examples.Length));
            var (loss, metrics) = (0.0, new MetricSet());
            foreach (var (examples, reference) in batches[index].Zip(references[index]))
            {
                var part = run.Accumulate(examples, new DpoObjective(dpo, reference), counts);
                loss += part.Loss;
                metrics.Add(part.Metrics);
            }

            if (step.Value("grad_l2_by_tensor") is { } gradients)
            {
                RecordedRun.CompareGradients(findings, gradients, run, tolerance);
            }

            findings.Close(step["loss"], loss, new Tolerance(tolerance["loss_relative"].Number, 1e-7));
            CompareMetrics(findings, step["exact_metrics"], metrics);
            var norm = run.Step(record["steps"].Items[index]["lr_used"].Number);
            findings.Close(step["grad_norm"], norm, new Tolerance(tolerance["grad_norm_relative"].Number));
        }

        RecordedRun.CompareWeights(golden, findings, run);
    }

    /// <summary>Differences of sums of about a hundred log-probs in float32 carry some 1e-5.</summary>
    private static void CompareMetrics(Findings findings, Field expected, MetricSet metrics)
    {
        foreach (var (name, value) in expected.Entries.Where(entry => metrics[entry.Name].Count > 0))
        {
            // Before the first step both models are the same, and a difference of nothing has no side.
            var isTie = name == "rewards/accuracies" && expected["rewards/margins"].Number == 0;
            findings.Close(value, isTie ? value.Number : metrics[name].Mean, new Tolerance(1e-5, 5e-5));
        }
    }

    private static string LossType(Field options) => options.Value("loss_type") switch
    {
        null => "sigmoid",
        { Json.ValueKind: System.Text.Json.JsonValueKind.String } one => one.Text,
        { Items: [var one] } => one.Text,
        var several => string.Join(" + ", several.Value.Items.Select(one => one.Text)),
    };

    /// <summary>The pairs of a recorded batch, whose chosen rows all come before the rejected ones.</summary>
    private static TrainingExample[] Examples(Field inputs)
    {
        TrainingExample Example(int row)
        {
            var attended = inputs["attention_mask"].Items[row].Numbers;
            var trained = inputs["completion_mask"].Items[row].Numbers;
            var ids = inputs["input_ids"].Items[row].Numbers;
            int[] kept = [.. Enumerable.Range(0, ids.Length).Where(i => attended[i] != 0)];
            return new TrainingExample([.. kept.Select(i => (int)ids[i])], [.. kept.Select(i => trained[i] != 0)]);
        }

        var pairs = inputs["input_ids"].Items.Count / 2;
        return [.. Enumerable.Range(0, pairs).SelectMany(pair => new[] { Example(pair), Example(pairs + pair) })];
    }
}
