using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Preference;

/// <summary>Losses of supervised fine-tuning and their gradients, one batch or several micro-batches of a
/// step.</summary>
public sealed class SupervisedCheck : ICheck
{
    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["objectives/sft"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var batches = (golden.Inputs.Value("micro_batches")?.Items ?? [golden.Inputs])
            .Select(inputs => new SupervisedBatch(inputs))
            .ToList();
        var counts = golden.Options.Value("num_items_in_batch") is { } items
            ? new GlobalCounts(items.Number, 0)
            : batches.Aggregate(default(GlobalCounts), (sum, batch) => sum + GlobalCounts.Of(batch.Sequences));
        double[] losses = [.. batches.Select(batch => batch.Run(golden.Options, counts))];

        findings.CloseInFloat32(golden, "loss", [losses.Sum()]);
        findings.CloseInFloat32(golden, "grad_logits", [.. batches.SelectMany(batch => batch.Gradient)]);
        if (golden.Expected["float64"].Find("micro_losses") is not null)
        {
            findings.CloseInFloat32(golden, "micro_losses", losses);
        }

        if (golden.Expected["float64"].Find("per_token_loss") is not null)
        {
            findings.CloseInFloat32(golden, "per_token_loss", batches[0].Terms);
        }

        if (golden.Expected["float64"].Find("metrics") is not null)
        {
            findings.CloseInFloat32(golden, "metrics.entropy", [Mean(batches[0].Entropy)]);
            findings.CloseInFloat32(golden, "metrics.mean_token_accuracy", [Mean(batches[0].Accuracy)]);
        }
    }

    /// <summary>The mean; over nothing the sum.</summary>
    /// <remarks>
    /// On purpose ours is not a number over nothing (<c>sft/nll/nothing_trained</c>: entropy 0 in TRL, 0/0 here): a
    /// metric without values is not logged, where a 0 would look like a certain and a wholly wrong model.
    /// </remarks>
    private static double Mean(MeanParts parts) => parts.Count == 0 ? parts.Sum : parts.Mean;
}
