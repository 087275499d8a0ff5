using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Checks.Trajectories;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Conformance.Checks.Real;

/// <summary>Conversations learnt by all weights, or by an adapter: losses, gradients, and what has become of the
/// weights.</summary>
public sealed class SupervisedTrainingCheck : ICheck
{
    private const long NotTrained = -100;

    private static readonly Tolerance FirstLoss = new(0, 2e-5);
    private static readonly Tolerance LaterLosses = new(1e-4);
    private static readonly Tolerance Norms = new(1e-3);

    // The record has none for this. Rows of the head that are hardly ever predicted have gradients about as small as
    // Adam's ε, so that rounding shows in their steps (1.6e-3 of the embedding's change).
    private static readonly Tolerance Changes = new(5e-3);

    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["sft", "lora_sft"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var adapter = golden.Kind == "lora_sft" ? golden.Beside("lora_init") : null;
        var conversations = GoldenFile.Read(golden.Beside("sft.json")).Lines[0]["conversations"];
        TrainingExample[] examples = [.. conversations.Items.Select(Example)];
        using var run = new TrainingRun(RealModel.Folder(golden), new Adam(), clipNorm: 0, adapter);
        var before = run.Weights.ToDictionary(weight => weight.Key, weight => weight.Value.Detach().Clone());
        var objective = new SftObjective(new SftOptions());
        var steps = golden.Record["steps"].Items;
        foreach (var (index, step) in steps.Index())
        {
            double[] sums = [.. run.LogProbs(examples, temperature: 1)
                .Select(scores => -scores.Sum(score => (double)score))];
            findings.Close(step["nll_sums"], sums, RealModel.Sums);
            if (index == 0 && golden.Record.Find("float64_nll_sums_of_the_initial_model") is { } exact)
            {
                findings.Close(exact, sums, RealModel.Sums);
            }

            using var temporaries = TensorScope.Open();
            var padding = run.Adapter is null ? PaddingRow.Gradient(run, examples) : null;
            var (loss, _) = run.Accumulate(examples, objective, ModelUpdater.CountsOf(examples));
            if (padding is not null)
            {
                PaddingRow.Remove(run, padding);
            }

            findings.Close(step["loss"], loss, index == 0 ? FirstLoss : LaterLosses);
            if (step.Find("grad_norm_by_tensor") is { } norms)
            {
                var found = run.GradientNorms(clipped: false);
                foreach (var (name, norm) in norms.Entries)
                {
                    findings.Close(norm, found[name], Norms);
                }
            }

            if (index < steps.Count - 1)
            {
                findings.Close(step["grad_norm"], run.Step(golden.Record["learning_rate"].Number), Norms);
            }
        }

        if (run.Adapter is { } trained)
        {
            var file = golden.Beside("lora_sft_final/adapter_model.safetensors");
            TrainedAdapterFile.Compare(findings, file, trained, TrainedAdapterFile.OfFineTuning);
            return;
        }

        foreach (var (name, change) in golden.Record["after_5_steps"]["change_l2_by_tensor"].Entries)
        {
            findings.Close(change, GradientClipping.GlobalNorm([run.Weights[name] - before[name]]), Changes);
        }
    }

    private static TrainingExample Example(Field conversation) => new(
        RealModel.Ids(conversation["ids"]),
        [.. conversation["labels"].Numbers.Select(label => label != NotTrained)]);
}
