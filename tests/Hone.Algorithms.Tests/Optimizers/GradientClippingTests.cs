using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Algorithms.Tests.Optimizers;

public sealed class GradientClippingTests
{
    [Fact]
    public void All_gradients_are_scaled_by_one_factor()
    {
        // norm of (3) and (4) is 5; bound 1: factor 1/(5 + 10⁻⁶) = 0.2
        using var scope = TensorScope.Open();
        Tensor[] gradients = [Tensor.Of(3.0), Tensor.Of(4.0)];

        var norm = GradientClipping.ByGlobalNorm(gradients, 1);

        Assert.Equal(5, norm, AbsoluteTolerance.Of(1e-12));
        Assert.Equal(0.6, gradients[0].Item(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal(0.8, gradients[1].Item(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Small_gradients_stay_as_they_are()
    {
        using var scope = TensorScope.Open();
        Tensor[] gradients = [Tensor.Of(0.3)];

        GradientClipping.ByGlobalNorm(gradients, 1);

        Assert.Equal(0.3, gradients[0].Item());
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 5)]
    [InlineData(double.PositiveInfinity, 4)]
    public void The_norm_has_an_order(double order, double expected)
    {
        using var scope = TensorScope.Open();

        var norm = GradientClipping.GlobalNorm([Tensor.Of(3.0), Tensor.Of(-4.0)], order);

        Assert.Equal(expected, norm, AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_shows()
    {
        Assert.Equal(0, GradientClipping.Factor(double.PositiveInfinity, 1));
        Assert.True(double.IsNaN(GradientClipping.Factor(double.NaN, 1)));
    }

    [Fact]
    public void Values_are_moved_into_the_range()
    {
        using var scope = TensorScope.Open();
        var gradient = Tensor.Of(-3.0, 0.2, 5.0);

        GradientClipping.ByValue([gradient], 0.5);

        Assert.Equal([-0.5, 0.2, 0.5], gradient.ToArray<double>());
    }
}
