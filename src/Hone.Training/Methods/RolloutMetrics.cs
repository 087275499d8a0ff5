using Hone.Algorithms;
using Hone.Training.Metrics;

namespace Hone.Training.Methods;

/// <summary>What is logged of a step's answers, under the names the field uses.</summary>
internal static class RolloutMetrics
{
    private const int PhraseWords = 4;

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
            var (repeats, phrases) = Repetition(rollout.Text);
            metrics.Add(prefix + "completions/mean_length", rollout.Completion.Tokens.Length, 1);
            metrics.Add(prefix + "completions/clipped_ratio", rollout.IsTruncated ? 1 : 0, 1);
            if (phrases > 0)
            {
                metrics.Add(prefix + "completions/repetition", repeats, phrases);
            }
        }
    }

    /// <summary>Phrases of four words that stood in the same answer before, of all of its phrases: rep-4 of
    /// arXiv:1908.04319, on words.</summary>
    private static (int Repeats, int Phrases) Repetition(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var phrases = Math.Max(0, words.Length - PhraseWords + 1);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return (Enumerable.Range(0, phrases).Count(i => !seen.Add(string.Join(' ', words, i, PhraseWords))), phrases);
    }
}
