using Hone.Torch;

namespace Hone.Algorithms.Tests.Policy;

public sealed class KlEstimatorTests
{
    [Theory]
    [InlineData(KlEstimator.K1, 0.693147)] // ln 0.5 - ln 0.25
    [InlineData(KlEstimator.K2, 0.240227)] // ½·0.693147²
    [InlineData(KlEstimator.K3, 0.193147)] // 0.5 + 0.693147 - 1
    public void Estimates_differ_as_their_formulas(KlEstimator estimator, double expected)
    {
        using var scope = TensorScope.Open();

        var estimate = estimator.Compute(Tensor.Of(Math.Log(0.5)), Tensor.Of(Math.Log(0.25)));

        Assert.Equal(expected, estimate.Item(), AbsoluteTolerance.Of(1e-6));
    }
}
