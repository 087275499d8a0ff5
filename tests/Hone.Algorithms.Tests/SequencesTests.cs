using Hone.Torch;

namespace Hone.Algorithms.Tests;

public sealed class SequencesTests
{
    [Fact]
    public void Sums_and_means_are_over_each_sequence()
    {
        using var scope = TensorScope.Open();
        var sequences = Sequences.OfLengths(2, 0, 3);
        var values = Tensor.Of(1.0, 2.0, 3.0, 4.0, 5.0);

        Assert.Equal([3.0, 0, 12], sequences.Sum(values).ToArray<double>());
        Assert.Equal([1.5, 0, 4], sequences.Mean(values).ToArray<double>());
        Assert.Equal([7.0, 7, 9, 9, 9], sequences.Spread(Tensor.Of(7.0, 8.0, 9.0)).ToArray<double>());
    }

    [Fact]
    public void Starts_that_fall_are_refused() =>
        Assert.Equal(
            "starts: must not fall, found 2 after 3",
            Assert.Throws<ArgumentException>(() => new Sequences([0, 3, 2])).Message);

    [Fact]
    public void Starts_begin_at_0() =>
        Assert.Equal(
            "starts: must begin with 0", Assert.Throws<ArgumentException>(() => new Sequences([1, 3])).Message);
}
