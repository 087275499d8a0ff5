namespace Hone.Evaluation.Tests;

public sealed class AccuracyTests
{
    [Fact]
    public void Verdicts_are_counted_and_counts_add()
    {
        var accuracy = Accuracy.Of([true, false, true]) + new Accuracy(0, 1);

        Assert.Equal(new Accuracy(2, 4), accuracy);
        Assert.Equal(0.5, accuracy.Share);
    }

    [Fact]
    public void The_interval_is_wilsons()
    {
        // 1 of 10 with z = 1.96 (z² = 3.8415): centre 0.1 + 0.192073 = 0.292073,
        // half 1.96·√(0.009 + 0.0096036) = 0.267330, scale 1.384146: (0.024743, 0.559403)/1.384146
        var interval = new Accuracy(1, 10).Interval();

        Assert.Equal(0.017876, interval.Low, 6);
        Assert.Equal(0.404150, interval.High, 6);
    }

    [Fact]
    public void The_interval_stays_in_the_unit_range_and_is_never_empty()
    {
        Assert.Equal(0, WilsonInterval.Of(0, 10).Low);
        Assert.Equal(0.277533, WilsonInterval.Of(0, 10).High, 6); // 3.8415/10 / 1.38415
        Assert.Equal(1, WilsonInterval.Of(10, 10).High);
        Assert.Equal(new Interval(0, 1), WilsonInterval.Of(0, 0));
    }

    [Fact]
    public void More_successes_than_trials_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(3, 2));
}
