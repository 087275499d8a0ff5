using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Algorithms.Tests.Optimizers;

public sealed class WeightAverageTests
{
    [Fact]
    public void The_first_weights_are_copied_and_later_ones_mixed_in()
    {
        // 2, then 0.9·2 + 0.1·4 = 2.2
        using var scope = TensorScope.Open();
        var average = Tensor.Of(99.0);

        WeightAverage.Exponential(average, Tensor.Of(2.0), 0.9, 1);
        WeightAverage.Exponential(average, Tensor.Of(4.0), 0.9, 2);

        Assert.Equal(2.2, average.Item(), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void A_running_mean_weighs_all_alike()
    {
        using var scope = TensorScope.Open();
        var average = Tensor.Of(99.0);

        WeightAverage.Running(average, Tensor.Of(1.0), 1);
        WeightAverage.Running(average, Tensor.Of(2.0), 2);
        WeightAverage.Running(average, Tensor.Of(6.0), 3);

        Assert.Equal(3, average.Item(), AbsoluteTolerance.Of(1e-12));
    }
}
