using System.Globalization;
using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Rl;

/// <summary>Rewards of groups to advantages, and what is logged of them.</summary>
public sealed class AdvantageCheck : ICheck
{
    public string Area => "rl";

    public IReadOnlyList<string> Kinds => ["trl.grpo.advantages"];

    public void Run(GoldenCase golden, Findings findings) => Compare(golden, findings);

    /// <summary>Compares advantages and the metrics of rewards, which other kinds record too.</summary>
    internal static void Compare(GoldenCase golden, Findings findings)
    {
        var (inputs, options, expected) = (golden.Inputs, golden.Options, golden.Expected);
        var tolerance = Recorded.Tolerance(golden);
        var rewards = Rewards(inputs["rewards_per_func"].Items, options);
        var advantages = Advantages(rewards, options);
        findings.Close(expected["advantages"], advantages.Values, tolerance);

        var total = Spread.Of(advantages.Rewards);
        foreach (var (name, value) in expected["metrics"].Entries.Where(entry => !IsOfSampler(entry)))
        {
            var got = name.Split('/') switch
            {
                ["reward"] => total.Mean,
                ["reward_std"] => total.Deviation,
                ["frac_reward_zero_std"] => advantages.WithoutSpread.Mean,
                ["rewards", var source, "mean"] => Spread.Of(rewards.Column(Number(source))).Mean,
                ["rewards", var source, "std"] => Spread.Of(rewards.Column(Number(source))).Deviation,
                _ => throw new GoldenException($"metrics.{name}: the product logs no such metric"),
            };
            findings.Close(value, got, tolerance);
        }
    }

    /// <summary>Whether a metric is about the engine that sampled, not about rewards.</summary>
    internal static bool IsOfSampler((string Name, Field Value) metric) =>
        metric.Name.StartsWith("sampling/", StringComparison.Ordinal);

    /// <summary>The product's table of rewards, one list a sample.</summary>
    internal static RewardTable Rewards(IReadOnlyList<Field> samples, Field options)
    {
        var count = samples[0].Items.Count;
        var weights = options.Value("reward_weights")?.Numbers ?? [.. Enumerable.Repeat(1.0, count)];
        return new RewardTable([.. samples.SelectMany(sample => sample.Numbers)], weights);
    }

    /// <summary>The product's advantages under TRL's options.</summary>
    internal static GroupAdvantages Advantages(RewardTable rewards, Field options)
    {
        var groupSize = (int)options["num_generations"].Whole;
        return options.TextOr("multi_objective_aggregation", "sum_then_normalize") switch
        {
            "sum_then_normalize" =>
                GroupAdvantage.Compute(rewards, groupSize, Scale(options.TextOr("scale_rewards", "group"))),
            "normalize_then_sum" => GroupAdvantage.NormalizeThenSum(rewards, groupSize),
            var name => throw new GoldenException($"multi_objective_aggregation: the product has no \"{name}\""),
        };
    }

    private static AdvantageScale Scale(string name) => name switch
    {
        "group" => AdvantageScale.Group,
        "batch" => AdvantageScale.Batch,
        "none" => AdvantageScale.None,
        _ => throw new GoldenException($"scale_rewards: the product has no \"{name}\""),
    };

    private static int Number(string source) => int.Parse(source[1..], CultureInfo.InvariantCulture);
}
