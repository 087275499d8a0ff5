using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Algorithms.Tests.Optimizers;

public sealed class LoraFaTests
{
    [Fact]
    public void The_gradient_is_divided_by_the_gram_matrix_of_A_and_the_square_of_the_scale()
    {
        // A = diag(2, 4): A·Aᵀ = diag(4, 16); g = (8, 8), s = 2: (8/4, 8/16)/4 = (0.5, 0.125)
        using var scope = TensorScope.Open();
        var a = Tensor.Of(2.0, 0.0, 0.0, 4.0).View(2, 2);

        var projected = LoraFa.Project(Tensor.Of(8.0, 8.0).View(1, 2), a, 2);

        Assert.Equal([0.5, 0.125], projected.ToArray<double>(), AbsoluteTolerance.Of(1e-8));
    }

    [Fact]
    public void The_efficient_order_adds_epsilon_to_the_uncorrected_root_and_decays_last()
    {
        // m = 0.1·2 = 0.2, v = 0.001·4 = 0.004; p = 1 − 0.5·√0.001/0.1·0.2/(√0.004 + 0.1), then times 1 − 0.5·0.2
        using var scope = TensorScope.Open();
        var (parameter, state) = (Tensor.Of(1.0), new[] { Tensor.Of(0.0), Tensor.Of(0.0) });
        var rule = new EfficientAdam { Epsilon = 0.1, WeightDecay = 0.2 };

        rule.Update(parameter, Tensor.Of(2.0), state, 0.5, 1);

        var moved = 1 - (0.5 * Math.Sqrt(0.001) / 0.1 * 0.2 / (Math.Sqrt(0.004) + 0.1));
        Assert.Equal(moved * 0.9, parameter.Item(), AbsoluteTolerance.Of(1e-12));
    }
}
