using System.Text.Json;
using Hone.Algorithms;
using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Recipes;

namespace Hone.Conformance.Checks.Trajectories;

/// <summary>Complete runs of supervised fine-tuning on a real model.</summary>
public sealed class SupervisedRunCheck : ICheck
{
    private const long NotTrained = -100;

    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["trajectories:sft"];

    public string? NotOffered(GoldenCase golden) =>
        golden.Record.Value("lora") is null ? null : "adapters come with another issue";

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var (record, options, tolerance) = (golden.Record, golden.Options, golden.Record["tolerance"]);
        var objective = new SftObjective(Objective(options));
        using var run =
            new TrainingRun(TrainingRun.Folder(golden), RecordedRun.Rule(record), options.NumberOr("max_grad_norm", 1));
        CompareDecay(record, findings, run);
        var exact = record["float64"]["steps"].Items;
        foreach (var (index, step) in record["steps"].Items.Index())
        {
            var losses = new List<double>();
            foreach (var batch in step["micro_batches"].Items)
            {
                var examples = Examples(batch["inputs"]);
                var counts = new GlobalCounts(batch["num_items_in_batch"].Number, examples.Count);
                losses.Add(run.Accumulate(examples, objective, counts).Loss);
            }

            if (exact[index].Value("grad_l2_by_tensor") is { } gradients)
            {
                RecordedRun.CompareGradients(findings, gradients, run, tolerance);
            }

            findings.Close(exact[index]["loss"], losses.Sum(), new Tolerance(tolerance["loss_relative"].Number));
            var norm = run.Step(step["lr_used"].Number);
            findings.Close(exact[index]["grad_norm"], norm, new Tolerance(tolerance["grad_norm_relative"].Number));
        }

        RecordedRun.CompareWeights(golden, findings, run);
    }

    private static SftOptions Objective(Field options) => new()
    {
        LabelSmoothing = options.NumberOr("label_smoothing_factor", 0),
        Loss = options.TextOr("loss_type", "nll") switch
        {
            "nll" or "chunked_nll" => SftLoss.Nll,
            "dft" => SftLoss.Dft,
            var name => throw new GoldenException($"loss_type: the product has no \"{name}\""),
        },
    };

    /// <summary>Groups are a list of names by decay; a text where nothing decays and they do not matter.</summary>
    private static void CompareDecay(Field record, Findings findings, TrainingRun run)
    {
        var groups = record["optimizer"]["groups"];
        if (groups.Json.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var still = groups.Items.Skip(1).SelectMany(group => group["parameters"].Items.Select(name => name.Text));
        findings.SameList(
            "weights without decay",
            [.. still.Order(StringComparer.Ordinal)],
            [.. run.Weights.Keys.Where(name => !DecayGroups.Decays(name)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The sequences of a recorded batch: padded rows, or rows of several whose positions begin
    /// again.</summary>
    private static List<TrainingExample> Examples(Field inputs)
    {
        var examples = new List<TrainingExample>();
        foreach (var (row, ids) in inputs["input_ids"].Items.Index())
        {
            var tokens = ids.Numbers;
            var labels = inputs["labels"].Items[row].Numbers;
            var mask = inputs.Value("attention_mask")?.Items[row].Numbers;
            var positions = inputs.Value("position_ids")?.Items[row].Numbers;
            int[] kept = [.. Enumerable.Range(0, tokens.Length).Where(i => mask is null || mask[i] != 0)];
            var starts = kept.Where(i => i == kept[0] || positions?[i] == 0).Append(kept[^1] + 1).ToList();
            examples.AddRange(starts.Zip(starts.Skip(1), (start, end) => new TrainingExample(
                [.. tokens[start..end].Select(id => (int)id)],
                [.. labels[start..end].Select((label, i) => i > 0 && label != NotTrained)])));
        }

        return examples;
    }
}
