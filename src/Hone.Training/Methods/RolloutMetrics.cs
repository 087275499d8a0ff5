using Hone.Algorithms;
using Hone.Training.Metrics;

namespace Hone.Training.Methods;

/// <summary>What is logged of a step's answers, under the names the field uses.</summary>
internal static class RolloutMetrics
{
    /// <summary>Rewards and lengths.</summary>
    public static void Record(MetricSet metrics, IReadOnlyList<Rollout> rollouts, GroupAdvantages advantages)
    {
        metrics.Add("frac_reward_zero_std", advantages.WithoutSpread.Sum, advantages.WithoutSpread.Count);
        RecordLengths(metrics, rollouts, prefix: "");
    }

    /// <summary>Lengths, and how many answers were cut off.</summary>
    public static void RecordLengths(MetricSet metrics, IReadOnlyList<Rollout> rollouts, string prefix)
    {
        foreach (var rollout in rollouts)
        {
            metrics.Add(prefix + "completions/mean_length", rollout.Completion.Tokens.Length, 1);
            metrics.Add(prefix + "completions/clipped_ratio", rollout.IsTruncated ? 1 : 0, 1);
        }
    }
}
