using Hone.Algorithms;
using Hone.Training.Metrics;

namespace Hone.Training.Methods;

/// <summary>What is logged of a step's answers, under the names the field uses.</summary>
internal static class RolloutMetrics
{
    private const int RepeatedTokens = 4;

    /// <summary>What the groups teach, and what the answers are like.</summary>
    public static void Record(MetricSet metrics, IReadOnlyList<Rollout> rollouts, GroupAdvantages advantages)
    {
        metrics.Add("frac_reward_zero_std", advantages.WithoutSpread.Sum, advantages.WithoutSpread.Count);
        RecordTexts(metrics, rollouts, prefix: "");
    }

    /// <summary>Lengths, how many answers were cut off, and how much they repeat themselves.</summary>
    public static void RecordTexts(MetricSet metrics, IReadOnlyList<Rollout> rollouts, string prefix)
    {
        foreach (var rollout in rollouts)
        {
            var tokens = rollout.Completion.Tokens;
            metrics.Add(prefix + "completions/mean_length", tokens.Length, 1);
            metrics.Add(prefix + "completions/clipped_ratio", rollout.IsTruncated ? 1 : 0, 1);
            metrics.Add(prefix + "completions/repetition", Repeats(tokens), Math.Max(0, tokens.Length - RepeatedTokens + 1));
        }
    }

    /// <summary>Runs of four tokens that stood in the same answer before.</summary>
    private static int Repeats(int[] tokens)
    {
        var seen = new HashSet<(int, int, int, int)>();
        var repeats = 0;
        for (var i = 0; i + RepeatedTokens <= tokens.Length; i++)
        {
            repeats += seen.Add((tokens[i], tokens[i + 1], tokens[i + 2], tokens[i + 3])) ? 0 : 1;
        }

        return repeats;
    }
}
