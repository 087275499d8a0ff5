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

/// <summary>A story learnt by all weights, and then a pair judged by them against the weights before, as float64 has
/// it.</summary>
/// <remarks>
/// The record names no tolerances. It has its own run in float32 beside it, which is 4e-6 of a loss off after ten
/// updates and 1.6e-5 of the loss of the pair; here losses may be 1e-4 off, as by the page of the larger model.
/// </remarks>
public sealed class StoryTrainingCheck : ICheck
{
    private static readonly Tolerance Loss = new(0, 1e-5);
    private static readonly Tolerance LaterLosses = new(1e-4);
    private static readonly Tolerance Norms = new(1e-4);
    private static readonly Tolerance Weights = new(1e-5);

    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["train_golden"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var (record, expected) = (golden.Record, golden.Record["results"]["float64"]);
        var rule = new Adam { WeightDecay = record["adamw"]["weight_decay"].Number };
        using var run = new TrainingRun(
            RealModel.Folder(golden), rule, clipNorm: 0, ownRule: (_, _) => new WeightRule(Decays: true));
        var pair = Pair(record["dpo"]);
        var reference = run.LogProbs(pair, temperature: 1);

        var story = RealModel.Ids(record["sft_token_ids"]);
        CompareStory(findings, record["adamw"], expected, run, [RealModel.Example(story[..1], story[1..])]);
        foreach (var (name, norm) in expected["param_l2_after_10_steps"].Entries)
        {
            findings.Close(norm, GradientClipping.GlobalNorm([run.Weights[name]]), Weights);
        }

        ComparePair(findings, record["dpo"], expected["dpo"], run, pair, reference);
    }

    private static void CompareStory(
        Findings findings, Field options, Field expected, TrainingRun run, TrainingExample[] story)
    {
        var objective = new SftObjective(new SftOptions());
        var losses = expected["adamw_losses"].Items;
        foreach (var (index, loss) in losses.Index())
        {
            var (got, _) = run.Accumulate(story, objective, ModelUpdater.CountsOf(story));
            findings.Close(loss, got, LaterLosses);
            if (index == 0)
            {
                findings.Close(expected["sft"]["loss"], got, Loss);
                CompareGradients(findings, expected["sft"], run);
            }

            if (index < losses.Count - 1)
            {
                run.Step(options["lr"].Number);
            }
        }

        run.ForgetGradients();
    }

    private static void CompareGradients(Findings findings, Field expected, TrainingRun run)
    {
        findings.Close(expected["grad_global_l2"], run.GradientNorm, Norms);
        foreach (var (name, gradient) in expected["grads"].Entries)
        {
            var got = run.Weights[name].Grad!.ToArray<double>();
            var norm = gradient["l2"].Number;
            findings.Close(gradient["l2"], Math.Sqrt(got.Sum(value => value * value)), Norms);

            // Numbers that nearly cancel: what is off is a share of the whole gradient.
            var nearly = new Tolerance(0, Norms.Relative * norm);
            findings.Close(gradient["sum"], got.Sum(), nearly);
            findings.Close(gradient["first4"], got.AsSpan(0, 4), nearly);
        }
    }

    private static void ComparePair(
        Findings findings, Field options, Field expected, TrainingRun run, TrainingExample[] pair, float[][] reference)
    {
        var dpo = new DpoOptions { Beta = options["beta"].Number };
        var (loss, metrics) = run.Accumulate(pair, new DpoObjective(dpo, reference), ModelUpdater.CountsOf(pair));
        findings.Close(expected["ref_chosen_logp"], reference[0].Sum(value => (double)value), RealModel.Sums);
        findings.Close(expected["ref_rejected_logp"], reference[1].Sum(value => (double)value), RealModel.Sums);
        findings.Close(expected["policy_chosen_logp"], metrics["logps/chosen"].Mean, RealModel.Sums);
        findings.Close(expected["policy_rejected_logp"], metrics["logps/rejected"].Mean, RealModel.Sums);
        findings.Close(expected["loss"], loss, LaterLosses);
        findings.Close(expected["grad_global_l2"], run.GradientNorm, Norms);
    }

    private static TrainingExample[] Pair(Field pair)
    {
        var prompt = (int)pair["prompt_len"].Whole;
        return [Side("chosen"), Side("rejected")];

        TrainingExample Side(string name)
        {
            var ids = RealModel.Ids(pair[$"{name}_token_ids"]);
            return RealModel.Example(ids[..prompt], ids[prompt..]);
        }
    }
}
