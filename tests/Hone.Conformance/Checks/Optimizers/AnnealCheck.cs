using Hone.Algorithms.Schedules;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>The rate under which weights are averaged, and the warm-up that is a share of all updates.</summary>
public sealed class AnnealCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds => ["schedules/swa", "schedules/warmup_from_ratio"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        if (record.Find("warmup_ratio") is { } ratio)
        {
            var updates = WarmUp.UpdatesOf(ratio.Number, record["num_training_steps"].Whole);
            findings.Same("warmup_steps", record["warmup_steps"].Whole, updates);
            return;
        }

        var expected = record["lr_of_update"].Numbers;
        var schedule = new AnnealSchedule(record["lr"].Number, record["swa_lr"].Number, record["anneal_epochs"].Whole)
        {
            Cosine = record["anneal_strategy"].Text == "cos",
        };
        var rates = Enumerable.Range(0, expected.Length).Select(update => schedule.Rate(update));
        findings.Close("lr_of_update", expected, [.. rates], new Tolerance(1e-12));
    }
}
