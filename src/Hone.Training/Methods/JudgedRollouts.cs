using Hone.Algorithms;
using Hone.Rewards;
using Hone.Training.Metrics;

namespace Hone.Training.Methods;

/// <summary>Answers with what the rewards said.</summary>
/// <param name="Rollouts">The answers.</param>
/// <param name="Rewards">The rewards.</param>
/// <param name="Outcomes">What each said, <c>[answer][reward]</c>.</param>
internal sealed record JudgedRollouts(
    IReadOnlyList<Rollout> Rollouts, IReadOnlyList<WeightedReward> Rewards, RewardOutcome[][] Outcomes)
{
    /// <summary>The scores, NaN where a reward does not apply.</summary>
    public RewardTable Table => new(
        [.. Outcomes.SelectMany(row => row.Select(outcome => ScoreOf(outcome) ?? double.NaN))],
        [.. Rewards.Select(reward => reward.Weight)]);

    /// <summary>The scores of an answer by the rewards' names.</summary>
    public IReadOnlyDictionary<string, double?> RewardsOf(int answer) =>
        Rewards.Zip(Outcomes[answer]).ToDictionary(pair => pair.First.Reward.Name, pair => ScoreOf(pair.Second));

    /// <summary>The mean of each reward over the answers that it applies to, and of their weighted sum.</summary>
    public void Record(MetricSet metrics, string prefix)
    {
        for (var reward = 0; reward < Rewards.Count; reward++)
        {
            foreach (var outcome in Outcomes)
            {
                if (ScoreOf(outcome[reward]) is { } score)
                {
                    metrics.Add($"{prefix}rewards/{Rewards[reward].Reward.Name}", score, 1);
                }
            }
        }

        var (sum, count) = MeanParts.Of(Table.Totals());
        metrics.Add($"{prefix}reward", sum, count);
    }

    private static double? ScoreOf(RewardOutcome outcome) => outcome is RewardOutcome.Scored scored ? scored.Value : null;
}
