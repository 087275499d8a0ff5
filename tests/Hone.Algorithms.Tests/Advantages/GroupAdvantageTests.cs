namespace Hone.Algorithms.Tests.Advantages;

public sealed class GroupAdvantageTests
{
    private static readonly double NaN = double.NaN;

    [Fact]
    public void Rewards_are_centred_and_scaled_in_their_group()
    {
        // group 1, 3: mean 2, deviation √2 = 1.414214: ∓1/1.414314 = ∓0.707057; group 5, 5: deviation 0
        var advantages = Compute([1, 3, 5, 5], 2, AdvantageScale.Group);

        Assert.Equal([-0.707057, 0.707057, 0, 0], advantages.Values, AbsoluteTolerance.Of(1e-6));
        Assert.Equal(new MeanParts(2, 4), advantages.WithoutSpread);
    }

    [Fact]
    public void The_divisor_may_be_that_of_the_batch_or_none()
    {
        // 1 3 5 5: mean 3.5, squares 6.25 + 0.25 + 2.25 + 2.25 = 11, deviation √(11/3) = 1.914854
        // ∓1/1.914954 = ∓0.522206
        Assert.Equal(
            [-0.522206, 0.522206, 0, 0],
            Compute([1, 3, 5, 5], 2, AdvantageScale.Batch).Values,
            AbsoluteTolerance.Of(1e-6));
        Assert.Equal([-1.0, 1, 0, 0], Compute([1, 3, 5, 5], 2, AdvantageScale.None).Values);
    }

    [Fact]
    public void A_reward_that_does_not_apply_takes_part_in_nothing()
    {
        // 1, 3 as above; the third has no reward and advantage 0
        Assert.Equal(
            [-0.707057, 0.707057, 0], Compute([1, 3, NaN], 3, AdvantageScale.Group).Values, AbsoluteTolerance.Of(1e-6));
        Assert.True(double.IsNaN(Compute([1, 3, NaN], 3, AdvantageScale.Group).Rewards[2]));
    }

    [Fact]
    public void A_lone_reward_in_its_group_teaches_nothing()
    {
        var advantages = Compute([1, NaN], 2, AdvantageScale.Group);

        Assert.Equal([0.0, 0], advantages.Values);
        Assert.Equal(new MeanParts(0, 2), advantages.WithoutSpread);
    }

    [Fact]
    public void A_group_of_one_teaches_nothing() =>
        Assert.Equal([0.0, 0], Compute([1, 3], 1, AdvantageScale.Group).Values);

    [Fact]
    public void Several_rewards_add_with_their_weights()
    {
        // totals 1 + 0.5·2 = 2 and 3 (the second reward does not apply)
        var table = new RewardTable([1, 2, 3, NaN], 1, 0.5);

        Assert.Equal([2.0, 3], GroupAdvantage.Compute(table, 2, AdvantageScale.None).Rewards);
    }

    [Fact]
    public void Rewards_normalised_one_by_one_weigh_alike_whatever_their_scale()
    {
        // both rewards give ∓0.7071 (±10⁻⁴): sums ∓1.4141 or 0 …, so a reward a hundred times larger changes nothing
        var small = GroupAdvantage.NormalizeThenSum(new RewardTable([1, 1, 3, 2], 1, 1), 2);
        var large = GroupAdvantage.NormalizeThenSum(new RewardTable([100, 1, 300, 2], 1, 1), 2);

        // sums −1.414050 and 1.414050: deviation 1.999769, advantage ∓1.414050/1.999869 = ∓0.707071
        Assert.Equal([-0.707071, 0.707071], small.Values, AbsoluteTolerance.Of(1e-5));
        Assert.Equal(small.Values, large.Values, AbsoluteTolerance.Of(1e-4));
    }

    [Fact]
    public void Samples_must_fill_groups() =>
        Assert.Equal(
            "groupSize: 3 samples must fill groups, found a group size of 2",
            Assert.Throws<ArgumentException>(() => Compute([1, 2, 3], 2, AdvantageScale.Group)).Message);

    [Fact]
    public void Values_must_fill_rows() =>
        Assert.Equal(
            "values: must fill rows of 2 rewards, found 3 values",
            Assert.Throws<ArgumentException>(() => new RewardTable([1, 2, 3], 1, 1)).Message);

    private static GroupAdvantages Compute(double[] rewards, int groupSize, AdvantageScale scale) =>
        GroupAdvantage.Compute(new RewardTable(rewards, 1), groupSize, scale);
}
