using Hone.Algorithms.Schedules;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>Learning rates of every update of a schedule by name.</summary>
public sealed class ScheduleCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds => ["schedules/schedules"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var schedule = Schedule(golden.Record);
        var expected = golden.Record["lr_of_update"].Numbers;
        var rates = Enumerable.Range(0, expected.Length).Select(update => schedule.Rate(update));
        findings.Close("lr_of_update", expected, [.. rates], new Tolerance(1e-12, 1e-18));
    }

    private static ILearningRateSchedule Schedule(Field record)
    {
        var peak = record["lr"].Number;
        var warmUp = record["num_warmup_steps"].Whole;
        var total = record["num_training_steps"].Whole;
        var extra = record["scheduler_specific_kwargs"];
        double Extra(string name, double otherwise) => extra.Value(name)?.Number ?? otherwise;
        var lowest = extra.Value("min_lr_rate") is { } rate ? rate.Number * peak : Extra("min_lr", 0);
        return record["name"].Text switch
        {
            "constant" => new ConstantSchedule(peak),
            "constant_with_warmup" => new ConstantSchedule(peak, warmUp),
            "linear" => new LinearSchedule(peak, warmUp, total),
            "cosine" or "cosine_with_min_lr" =>
                new CosineSchedule(peak, warmUp, total) { Cycles = Extra("num_cycles", 0.5), Lowest = lowest },
            "cosine_warmup_with_min_lr" => new CosineWarmUpSchedule(peak, warmUp, total)
            {
                Cycles = Extra("num_cycles", 0.5),
                Lowest = lowest,
                First = Extra("warmup_lr_rate", double.NaN) * peak,
            },
            "cosine_with_restarts" =>
                new CosineRestartsSchedule(peak, warmUp, total) { Falls = (int)Extra("num_cycles", 1) },
            "polynomial" =>
                new PolynomialSchedule(peak, warmUp, total) { Power = Extra("power", 1), Last = Extra("lr_end", 1e-7) },
            "inverse_sqrt" when extra.Value("timescale") is { } timescale =>
                new InverseSquareRootSchedule(peak, warmUp) { Timescale = timescale.Number },
            "inverse_sqrt" => new InverseSquareRootSchedule(peak, warmUp),
            "warmup_stable_decay" => WarmUpStableDecay(extra, peak, warmUp, total),
            var name => throw new GoldenException($"name: the product has no schedule \"{name}\""),
        };
    }

    private static WarmUpStableDecaySchedule WarmUpStableDecay(Field extra, double peak, long warmUp, long total)
    {
        var decay = extra["num_decay_steps"].Whole;
        var stable = extra.Value("num_stable_steps")?.Whole ?? total - warmUp - decay;
        return new WarmUpStableDecaySchedule(peak, warmUp, stable, decay)
        {
            Rise = Form(extra.Value("warmup_type")?.Text ?? "linear"),
            Fall = Form(extra.Value("decay_type")?.Text ?? "cosine"),
            Cycles = extra.Value("num_cycles")?.Number ?? 0.5,
            LowestShare = extra.Value("min_lr_ratio")?.Number ?? 0,
        };
    }

    private static Ramp Form(string name) => name switch
    {
        "linear" => Ramp.Linear,
        "cosine" => Ramp.Cosine,
        "1-sqrt" => Ramp.OneMinusSquareRoot,
        _ => throw new GoldenException($"the product has no ramp \"{name}\""),
    };
}
