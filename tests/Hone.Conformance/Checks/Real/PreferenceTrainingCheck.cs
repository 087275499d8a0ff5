using Hone.Algorithms;
using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Checks.Trajectories;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Models.Adapters;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Recipes;

namespace Hone.Conformance.Checks.Real;

/// <summary>Answers preferred by people, learnt by an adapter against the model without it: log-probs, rewards, losses
/// and gradients pair by pair, and what has become of the adapter.</summary>
/// <remarks>The embedding is not trained, so that <see cref="PaddingRow"/> has nothing to take away.</remarks>
public sealed class PreferenceTrainingCheck : ICheck
{
    private const string FinalLayers = "dpo_final_layers_0_29.safetensors";

    private static readonly Tolerance FirstLosses = new(0, 2e-5);
    private static readonly Tolerance LaterLosses = new(1e-4);
    private static readonly Tolerance Norms = new(1e-3);

    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["dpo"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var run = RealModel.TrainAdapter(golden);
        TrainingExample[][] pairs = [.. golden.Record["pairs"].Items.Select(Pair)];
        float[][][] reference;
        using (run.Decoder.Adapters.With(AdapterCombination.None))
        {
            reference = [.. pairs.Select(pair => run.LogProbs(pair, temperature: 1))];
        }

        CompareSums(findings, golden.Record["reference_chosen_logps"], reference, side: 0);
        CompareSums(findings, golden.Record["reference_rejected_logps"], reference, side: 1);
        var steps = golden.Record["steps"].Items;
        foreach (var (index, step) in steps.Index())
        {
            Accumulate(golden.Record["beta"].Number, findings, step, run, pairs, reference);
            findings.Close(step["grad_norm"], run.GradientNorm, Norms);
            if (index < steps.Count - 1)
            {
                run.Step(golden.Record["learning_rate"].Number);
            }
        }

        TrainedAdapterFile.Compare(findings, golden.Beside(FinalLayers), run.Adapter!, TrainedAdapterFile.OfRecord);
        foreach (var (name, norm) in golden.Record["final_l2_by_tensor"].Entries)
        {
            findings.Close(norm, GradientClipping.GlobalNorm([run.Weights[name]]), Norms);
        }
    }

    /// <summary>One update's gradient, a pair at a time as the reference does it, so that each pair's numbers are
    /// seen.</summary>
    private static void Accumulate(
        double beta, Findings findings, Field step, TrainingRun run, TrainingExample[][] pairs, float[][][] reference)
    {
        var counts = new GlobalCounts(0, 2 * pairs.Length);
        var isFirst = step["step"].Whole == 0;
        var parts = pairs.Zip(reference)
            .Select(pair => run.Accumulate(
                pair.First, new DpoObjective(new DpoOptions { Beta = beta }, pair.Second), counts))
            .ToArray();
        var losses = isFirst ? FirstLosses : LaterLosses;
        findings.Close(step["loss"], parts.Sum(part => part.Loss), losses);
        findings.Close(step["losses"], [.. parts.Select(part => pairs.Length * part.Loss)], losses);

        // A reward is β times the difference of two sums; the record has words for the sums alone.
        var rewards = new Tolerance(0, beta * RealModel.Sums.Absolute);
        Compare("chosen_logps", "logps/chosen", RealModel.Sums);
        Compare("rejected_logps", "logps/rejected", RealModel.Sums);
        Compare("chosen_rewards", "rewards/chosen", rewards);
        Compare("rejected_rewards", "rewards/rejected", rewards);
        Compare("margins", "rewards/margins", rewards);
        if (!isFirst)
        {
            // Before the first update both models are the same, and which side of nothing rounding takes says nothing.
            var right = parts.Average(part => part.Metrics["rewards/accuracies"].Mean);
            findings.Close(step["accuracy"], right, Tolerance.Exact);
        }

        void Compare(string name, string metric, Tolerance tolerance) =>
            findings.Close(step[name], [.. parts.Select(part => part.Metrics[metric].Mean)], tolerance);
    }

    private static void CompareSums(Findings findings, Field expected, float[][][] logProbs, int side) =>
        findings.Close(
            expected, [.. logProbs.Select(pair => pair[side].Sum(value => (double)value))], RealModel.Sums);

    private static TrainingExample[] Pair(Field pair)
    {
        var prompt = RealModel.Ids(pair["prompt_ids"]);
        return
        [
            RealModel.Example(prompt, RealModel.Ids(pair["chosen_ids"])),
            RealModel.Example(prompt, RealModel.Ids(pair["rejected_ids"])),
        ];
    }
}
