using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Checks.Trajectories;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Conformance.Checks.Models;

/// <summary>Traps of the reference that are measured on both sides of it: the gradient of the padding token's
/// embedding.</summary>
/// <remarks>
/// Departure, on purpose: where the reference is told a padding token, that row gets no gradient for standing among the
/// inputs (0); here it gets what it gets where there is none (0.919). The other traps are of what is not here:
/// frequencies and positions that depend on earlier calls or on padding, masks that hang on a cache, beams.
/// </remarks>
public sealed class TrapCheck : ICheck
{
    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["traps"];

    public void Run(GoldenCase golden, Findings findings)
    {
        const int padding = 7;
        var trap = golden.Record["cases"].Items.Single(one => one["name"].Text == "padding_row_has_no_gradient");
        int[] ids = [.. trap["ids"].Numbers.Select(id => (int)id)];
        var example = new TrainingExample(ids, [.. ids.Select((_, i) => i > 0)]);
        using var scope = TensorScope.Open();
        using var run = new TrainingRun(
            golden.Folders.InArea($"checkpoints/{trap["model"].Text}"), new Adam(), clipNorm: 0);

        run.Accumulate([example], new SftObjective(new SftOptions()), ModelUpdater.CountsOf([example]));

        var row = run.Weights["model.embed_tokens.weight"].Grad!.Select(0, padding);
        findings.Close(
            trap["gradient_l2_of_row_7"]["pad_token_id null"], GradientClipping.GlobalNorm([row]), new Tolerance(1e-5));
    }
}
