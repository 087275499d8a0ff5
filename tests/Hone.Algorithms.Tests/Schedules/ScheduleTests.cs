using Hone.Algorithms.Schedules;

namespace Hone.Algorithms.Tests.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public void The_warm_up_starts_at_0_and_reaches_the_peak() =>
        Assert.Equal([0, 0.5, 1, 1], Rates(new ConstantSchedule(1, 2), 4));

    [Fact]
    public void A_line_falls_to_0_and_stays() =>
        Assert.Equal([0, 1, 0.75, 0.5, 0.25, 0, 0], Rates(new LinearSchedule(1, 1, 5), 7), AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void A_cosine_falls_to_its_lowest_rate() =>
        // 0.2 + 0.8·½(1 + cos πx) at x = 0, ½, 1
        Assert.Equal(
            [1, 0.6, 0.2], Rates(new CosineSchedule(1, 0, 2) { Lowest = 0.2 }, 3), AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void Restarts_begin_at_the_peak_again() =>
        // two falls over four updates: x = 0, ½ of each
        Assert.Equal(
            [1, 0.5, 1, 0.5, 0],
            Rates(new CosineRestartsSchedule(1, 0, 4) { Falls = 2 }, 5),
            AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void A_warm_up_above_0_learns_in_its_first_update()
    {
        Assert.Equal([0.5, 1, 0.5, 0], Rates(new CosineWarmUpSchedule(1, 2, 4), 4), AbsoluteTolerance.Of(1e-12));
        Assert.Equal(
            [0.2, 0.6, 1], Rates(new CosineWarmUpSchedule(1, 3, 9) { First = 0.2 }, 3), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void A_polynomial_falls_to_its_last_rate() =>
        // 0.1 + 0.9·(1 − x)² at x = 0, ½, 1 and after
        Assert.Equal(
            [1, 0.325, 0.1, 0.1],
            Rates(new PolynomialSchedule(1, 0, 2) { Power = 2, Last = 0.1 }, 4),
            AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void An_inverse_root_halves_after_three_timescales() =>
        Assert.Equal(0.5, new InverseSquareRootSchedule(1, 0) { Timescale = 4 }.Rate(12), AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void Without_warm_up_the_timescale_is_ten_thousand_updates() =>
        Assert.Equal(0.5, new InverseSquareRootSchedule(1, 0).Rate(30_000), AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void A_stable_part_lies_between_rise_and_fall() =>
        Assert.Equal(
            [0, 0.5, 1, 1, 1, 0.5, 0],
            Rates(new WarmUpStableDecaySchedule(1, 2, 2, 2) { Fall = Ramp.Linear }, 7),
            AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void The_root_ramp_falls_steeply_at_first() =>
        // 1 − √x at x = 0, ¼: 1 and 0.5
        Assert.Equal(
            [1, 0.5],
            Rates(new WarmUpStableDecaySchedule(1, 0, 0, 4) { Fall = Ramp.OneMinusSquareRoot }, 2),
            AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void A_warm_up_by_share_is_rounded_up()
    {
        Assert.Equal(11, WarmUp.UpdatesOf(0.1, 101));
        Assert.Equal(0, WarmUp.UpdatesOf(0, 50));
    }

    [Fact]
    public void Annealing_ends_at_its_target() =>
        Assert.Equal([1, 0.6, 0.2, 0.2], Rates(new AnnealSchedule(1, 0.2, 2), 4), AbsoluteTolerance.Of(1e-12));

    [Fact]
    public void A_plateau_cuts_the_rate_and_then_cools_down()
    {
        // patience 0: the second metric does not improve and cuts; the third falls into the cooldown
        var schedule = new PlateauSchedule(1) { Factor = 0.5, Patience = 0, Cooldown = 1 };

        var first = schedule.After(3);
        var second = first.After(3);
        var third = second.After(3);
        var fourth = third.After(3);

        Assert.Equal([1, 0.5, 0.5, 0.25], new[] { first.Current, second.Current, third.Current, fourth.Current });
    }

    private static double[] Rates(ILearningRateSchedule schedule, int updates) =>
        [.. Enumerable.Range(0, updates).Select(update => schedule.Rate(update))];
}
