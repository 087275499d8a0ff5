using System.Globalization;
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

    /// <summary>The name of each reward: its own, and of several with one name <c>format</c>, <c>format_2</c>,
    /// <c>format_3</c>.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Rewards.Select((_, i) => NameOf(Rewards, i))];

    /// <summary>The scores of an answer by the rewards' names; null where one does not apply.</summary>
    public IReadOnlyDictionary<string, double?> RewardsOf(int answer) =>
        Names.Zip(Outcomes[answer]).ToDictionary(pair => pair.First, pair => ScoreOf(pair.Second));

    /// <summary>The mean of each reward over the answers that it applies to, and of their weighted sum.</summary>
    public void Record(MetricSet metrics, string prefix)
    {
        for (var reward = 0; reward < Rewards.Count; reward++)
        {
            foreach (var outcome in Outcomes)
            {
                if (ScoreOf(outcome[reward]) is { } score)
                {
                    metrics.Add($"{prefix}rewards/{Names[reward]}", score, 1);
                }
            }
        }

        var (sum, count) = MeanParts.Of(Table.Totals());
        metrics.Add($"{prefix}reward", sum, count);
    }

    private static string NameOf(IReadOnlyList<WeightedReward> rewards, int index)
    {
        var name = rewards[index].Reward.Name;
        var before = rewards.Take(index).Count(other => other.Reward.Name == name);
        return before == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{before + 1}");
    }

    private static double? ScoreOf(RewardOutcome outcome) =>
        outcome is RewardOutcome.Scored scored ? scored.Value : null;
}
