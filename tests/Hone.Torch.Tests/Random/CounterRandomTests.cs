using Hone.Torch.Random;

namespace Hone.Torch.Tests.Random;

public sealed class CounterRandomTests
{
    [Fact]
    public void A_draw_depends_on_its_address_alone()
    {
        var random = new CounterRandom(42, RandomPurpose.Sampling);
        var forwards = Enumerable.Range(0, 50).Select(i => random.Uniform(1, 2, 3, (uint)i)).ToArray();
        var backwards =
            Enumerable.Range(0, 50).Reverse().Select(i => random.Uniform(1, 2, 3, (uint)i)).Reverse().ToArray();

        Assert.Equal(forwards, backwards);
        Assert.Equal(50, forwards.Distinct().Count());
    }

    [Fact]
    public void Every_coordinate_the_seed_and_the_purpose_change_it()
    {
        var random = new CounterRandom(42, RandomPurpose.Sampling);
        double[] draws =
        [
            random.Uniform(1, 2, 3, 4), random.Uniform(2, 2, 3, 4), random.Uniform(1, 3, 3, 4),
            random.Uniform(1, 2, 4, 4),
            random.Uniform(1, 2, 3, 5), new CounterRandom(43, RandomPurpose.Sampling).Uniform(1, 2, 3, 4),
            new CounterRandom(42, RandomPurpose.Order).Uniform(1, 2, 3, 4),
        ];

        Assert.Equal(draws.Length, draws.Distinct().Count());
    }

    [Fact]
    public void Uniform_draws_fill_the_unit_interval_evenly()
    {
        // 100 000 draws in 10 bins: 10 000 each, standard deviation √(n·0.1·0.9) ≈ 95; five of those are 475.
        var random = new CounterRandom(7, RandomPurpose.Statistics);
        var bins = new int[10];
        for (uint i = 0; i < 100_000; i++)
        {
            bins[(int)(random.Uniform(i) * 10)]++;
        }

        Assert.All(bins, count => Assert.InRange(count, 9_525, 10_475));
    }

    [Fact]
    public void Normal_draws_have_the_deviation_asked_for()
    {
        var values = new float[100_001];
        new CounterRandom(7, RandomPurpose.Weights).Normal(values, stream: 3, deviation: 0.02);

        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));

        Assert.InRange(mean, -0.0004, 0.0004); // five standard errors are 5·0.02/√100001 = 0.0003
        Assert.InRange(deviation, 0.0197, 0.0203);
    }
}
