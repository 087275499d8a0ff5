using Hone.Algorithms;
using Hone.Rewards;
using Hone.Training.Methods;
using Hone.Training.Metrics;

namespace Hone.Training.Tests.Methods;

public sealed class JudgedRolloutsTests
{
    private static readonly RewardOutcome None = new RewardOutcome.DoesNotApply();

    [Fact]
    public void A_reward_that_does_not_apply_is_in_no_mean()
    {
        // Totals: 2·1 + 0.5·3 = 3.5; 2·0 = 0; nothing at all.
        var judged = Judged(
            [(new FormatReward("a"), 2), (new LengthReward(1, 1), 0.5)],
            [[Scored(1), Scored(3)], [Scored(0), None], [None, None]]);
        var metrics = new MetricSet();

        judged.Record(metrics, "eval/");

        Assert.Equal(new MeanParts(1, 2), metrics["eval/rewards/format"]);
        Assert.Equal(new MeanParts(3, 1), metrics["eval/rewards/length"]);
        Assert.Equal(new MeanParts(3.5, 2), metrics["eval/reward"]);
        Assert.Equal(new Dictionary<string, double?> { ["format"] = 0, ["length"] = null }, judged.RewardsOf(1));
    }

    [Fact]
    public void Rewards_of_one_name_are_told_apart()
    {
        var judged = Judged(
            [
                (new FormatReward("a"), 1),
                (new LengthReward(1, 1), 1),
                (new FormatReward("b"), 1),
                (new FormatReward("c"), 1),
            ],
            [[Scored(1), Scored(0.5), Scored(0), Scored(3)]]);
        var metrics = new MetricSet();

        judged.Record(metrics, "");

        Assert.Equal(
            ["rewards/format", "rewards/length", "rewards/format_2", "rewards/format_3", "reward"],
            metrics.Select(metric => metric.Key));
        Assert.Equal(
            new Dictionary<string, double?> { ["format"] = 1, ["length"] = 0.5, ["format_2"] = 0, ["format_3"] = 3 },
            judged.RewardsOf(0));
    }

    private static RewardOutcome.Scored Scored(double value) => new(value);

    private static JudgedRollouts Judged((IReward Reward, double Weight)[] rewards, RewardOutcome[][] outcomes) => new(
        [.. outcomes.Select((_, i) => Rollouts.OfLine(i + 1))],
        [.. rewards.Select(reward => new WeightedReward(reward.Reward, reward.Weight))],
        outcomes);
}
