using System.Text.Json;
using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Checks.Trajectories;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Torch;
using Hone.Training.Updates;

namespace Hone.Conformance.Checks.Real;

/// <summary>Additions reinforced by recorded answers: advantages, losses, gradients, and log-probs after the last
/// update.</summary>
public sealed class PolicyTrainingCheck : ICheck
{
    private const double Rate = 1e-3;

    private static readonly Tolerance Norms = new(1e-3);

    // The record's words for this, in TRL's names.
    private static readonly Field Options = new(
        JsonDocument.Parse("""{"loss_type": "grpo", "epsilon": 0.2, "beta": 0}""").RootElement, "");

    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["grpo"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var run = RealModel.TrainAdapter(golden);
        var groups = golden.Record["groups"].Items;
        Field[] completions = [.. groups.SelectMany(group => group["completions"].Items)];
        TrainingExample[] examples = [.. groups.SelectMany(Examples)];

        var rewards = new RewardTable([.. completions.Select(completion => completion["reward"].Number)], [1]);
        var size = groups[0]["completions"].Items.Count;
        var advantages = GroupAdvantage.Compute(rewards, size, AdvantageScale.Group).Values;
        findings.Close(
            "advantages",
            [.. completions.Select(one => one["advantage"].Number)],
            advantages,
            new Tolerance(1e-6, 1e-9));
        var old = run.LogProbs(examples, temperature: 1);
        Compare(findings, "logps", completions, old, new Tolerance(0, 2e-4));

        RecordedAnswer[] answers = [.. examples.Select(
            (example, i) => new RecordedAnswer(example, advantages[i], old[i], null))];
        var steps = golden.Record["steps"].Items;
        foreach (var (index, step) in steps.Index())
        {
            var (loss, metrics) = run.Accumulate(
                examples, new RecordedPolicy(Options, answers), ModelUpdater.CountsOf(examples));
            findings.Close(step["loss_mean_of_sequence_means"], loss, new Tolerance(1e-4, 2e-5));
            findings.Close(step["clipped_fraction"], metrics.Means()["clip_ratio/region_mean"], new Tolerance(0, 1e-6));
            findings.Close(step["grad_norm"], run.GradientNorm, Norms);
            if (index < steps.Count - 1)
            {
                run.Step(Rate);
            }
        }

        Compare(findings, "logps_after_2_updates", completions, run.LogProbs(examples, 1), new Tolerance(1e-3, 2e-3));
    }

    private static IEnumerable<TrainingExample> Examples(Field group)
    {
        var prompt = RealModel.Ids(group["prompt_ids"]);
        return group["completions"].Items.Select(one => RealModel.Example(prompt, RealModel.Ids(one["ids"])));
    }

    private static void Compare(
        Findings findings, string name, Field[] completions, float[][] got, Tolerance tolerance)
    {
        foreach (var (completion, logProbs) in completions.Zip(got))
        {
            findings.Close(completion[name], [.. logProbs.Select(value => (double)value)], tolerance);
        }
    }
}
