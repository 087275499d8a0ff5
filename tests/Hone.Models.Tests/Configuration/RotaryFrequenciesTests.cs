using Hone.Models.Configuration;

namespace Hone.Models.Tests.Configuration;

public sealed class RotaryFrequenciesTests
{
    [Fact]
    public void Plain_frequencies_are_powers_of_the_base()
    {
        // 10000^0, 10000^(-2/4)
        Assert.Equal([1, 0.01], Frequencies(new RopeScaling.None()), Close);
    }

    [Fact]
    public void Linear_scaling_divides_all_of_them()
    {
        Assert.Equal([0.25, 0.0025], Frequencies(new RopeScaling.Linear(4)), Close);
    }

    [Fact]
    public void Dynamic_scaling_grows_the_base_with_the_length()
    {
        // Length 32 of 16 with factor 3: growth 3·32/16 − 2 = 4; base 10000 · 4^(4/2) = 160000; its root 400.
        Assert.Equal([1, 0.01], Frequencies(new RopeScaling.Dynamic(3, 16), length: 16), Close);
        Assert.Equal([1, 1.0 / 400], Frequencies(new RopeScaling.Dynamic(3, 16), length: 32), Close);
    }

    [Fact]
    public void Llama3_scaling_keeps_short_waves_divides_long_ones_and_blends_between()
    {
        // 1000 positions: turns 1000/2π = 159 and 1.59. Between 1 and 4: (1.59155 − 1)/3 = 0.197183; 0.01·(0.802817/8 +
        // 0.197183) = 0.00297535.
        Assert.Equal(
            [1, 0.00297535], Frequencies(new RopeScaling.Llama3(8, 1, 4, 1000)), (a, b) => Math.Abs(a - b) < 1e-8);
    }

    [Fact]
    public void Longrope_takes_the_divisors_of_the_length()
    {
        var scaling = new RopeScaling.Long([1, 2], [4, 5], 20, 1.5);

        Assert.Equal([1, 0.005], Frequencies(scaling, length: 20), Close);
        Assert.Equal([0.25, 0.002], Frequencies(scaling, length: 21), Close);
        Assert.Equal(1.5, RotaryFrequencies.Amplitude(new RotaryConfig(10000, 4, scaling)));
    }

    private static double[] Frequencies(RopeScaling scaling, int length = 0) =>
        RotaryFrequencies.Compute(new RotaryConfig(10000, 4, scaling), length);

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-12;
}
