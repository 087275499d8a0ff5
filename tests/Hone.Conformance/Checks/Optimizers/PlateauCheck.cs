using Hone.Algorithms.Schedules;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>A rate that falls when a metric no longer improves.</summary>
public sealed class PlateauCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds => ["schedules/on_metric"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var extra = golden.Record["scheduler_specific_kwargs"];
        var schedule = new PlateauSchedule(golden.Record["lr"].Number)
        {
            Factor = extra.Value("factor")?.Number ?? 0.1,
            Patience = (int)(extra.Value("patience")?.Whole ?? 10),
            Cooldown = (int)(extra.Value("cooldown")?.Whole ?? 0),
            Threshold = extra.Value("threshold")?.Number ?? 1e-4,
            AbsoluteThreshold = extra.Value("threshold_mode")?.Text == "abs",
            Maximize = extra.Value("mode")?.Text == "max",
            Lowest = extra.Value("min_lr")?.Number ?? 0,
            SmallestCut = extra.Value("eps")?.Number ?? 1e-8,
        };

        var rates = new List<double> { schedule.Current };
        foreach (var metric in golden.Record["metrics"].Numbers)
        {
            schedule = schedule.After(metric);
            rates.Add(schedule.Current);
        }

        findings.Close("lr_of_update", golden.Record["lr_of_update"].Numbers, [.. rates], new Tolerance(1e-12));
    }
}
