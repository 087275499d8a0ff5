using Hone.Torch;

namespace Hone.Algorithms.Tests.Policy;

public sealed class SamplerCorrectionTests
{
    [Theory]
    [InlineData(RatioLevel.Token, SamplerBound.Truncate, new[] { 1.5, 0.5, 1.0 })]
    [InlineData(RatioLevel.Token, SamplerBound.Mask, new[] { 0.0, 0.5, 1.0 })]
    [InlineData(RatioLevel.Sequence, SamplerBound.Truncate, new[] { 1.0, 1.0, 1.0 })]
    public void Weights_stay_in_their_range(RatioLevel level, SamplerBound bound, double[] expected)
    {
        // ratios 2, ½ in one sequence (product 1) and unknown in another (counts as 1); range [0.4, 1.5]
        using var scope = TensorScope.Open();
        var correction = new SamplerCorrection(level, bound, 0.4, 1.5);

        var weights = correction.Weights(
            Tensor.Of(Math.Log(2), Math.Log(0.5), -1.0), Tensor.Of(0.0, 0.0, double.NaN), Sequences.OfLengths(2, 1));

        Assert.Equal(expected, weights.ToArray<double>(), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void The_mismatch_is_measured_where_the_sampler_spoke()
    {
        // |−1 − −1.5| = 0.5 and |−1 − −0.9| = 0.1; the third token is unknown
        using var scope = TensorScope.Open();

        var (mean, largest) = SamplerCorrection.Mismatch(
            Tensor.Of(-1.0, -1.0, -1.0), Tensor.Of(-1.5, -0.9, double.NaN));

        Assert.Equal(0.3, mean.Mean, AbsoluteTolerance.Of(1e-12));
        Assert.Equal(2, mean.Count);
        Assert.Equal(0.5, largest, AbsoluteTolerance.Of(1e-12));
    }
}
