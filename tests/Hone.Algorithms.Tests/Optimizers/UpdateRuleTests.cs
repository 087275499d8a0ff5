using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Algorithms.Tests.Optimizers;

public sealed class UpdateRuleTests
{
    [Fact]
    public void Adam_takes_a_first_step_of_the_learning_rate_against_the_sign()
    {
        // m = 0.1·g, v = 0.001·g²; m̂ = g, v̂ = g²: p − 0.01·g/|g| whatever the size of g
        Assert.Equal([0.99, 2.01], After(new Adam(), [1, 2], [[3.0, -0.002]], 0.01), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void A_second_step_remembers_the_first()
    {
        // g = 1 then 0: m = 0.09, v = 0.000999; m̂ = 0.09/0.19 = 0.473684, v̂ = 0.000999/0.001999 = 0.49975 = 0.70693²
        // step 0.01·0.473684/0.706930 = 0.006701 after the first 0.01
        Assert.Equal([-0.016701], After(new Adam(), [0], [[1.0], [0.0]], 0.01), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Decoupled_decay_shrinks_the_parameter_and_nothing_else()
    {
        // no gradient: p·(1 − 0.01·0.1) = 0.999
        Assert.Equal([0.999], After(new Adam { WeightDecay = 0.1 }, [1], [[0.0]], 0.01), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void Coupled_decay_passes_through_the_moments()
    {
        // the gradient λ·p = 0.1 alone: a whole step of 0.01
        var rule = new Adam { WeightDecay = 0.1, Decoupled = false };

        Assert.Equal([0.99], After(rule, [1], [[0.0]], 0.01), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Amsgrad_never_forgets_a_large_gradient()
    {
        // g = 1 then 0: m̂ = 0.473684 as above; the largest v stays 0.001: √(0.001/0.001999) = 0.707284
        // 0.01·0.473684/0.707284 = 0.006697
        Assert.Equal(
            [-0.016697], After(new Adam { AmsGrad = true }, [0], [[1.0], [0.0]], 0.01), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Momentum_keeps_going()
    {
        // velocities 1, then 0.9·1 + 1 = 1.9: p = −0.1·(1 + 1.9); Nesterov looks ahead: 1.9 and 0.9·1.9 + 1 = 2.71
        Assert.Equal([-0.29], After(new Sgd { Momentum = 0.9 }, [0], [[1.0], [1.0]], 0.1), AbsoluteTolerance.Of(1e-12));
        Assert.Equal(
            [-0.461],
            After(new Sgd { Momentum = 0.9, Nesterov = true }, [0], [[1.0], [1.0]], 0.1),
            AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void Dampening_spares_the_first_gradient()
    {
        // velocities 1, then 0.9·1 + 0.5·1 = 1.4
        var rule = new Sgd { Momentum = 0.9, Dampening = 0.5 };

        Assert.Equal([-0.24], After(rule, [0], [[1.0], [1.0]], 0.1), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void Plain_descent_and_ascent_are_mirror_images()
    {
        Assert.Equal([0.8], After(new Sgd(), [1], [[2.0]], 0.1), AbsoluteTolerance.Of(1e-12));
        Assert.Equal([1.2], After(new Sgd { Maximize = true }, [1], [[2.0]], 0.1), AbsoluteTolerance.Of(1e-12));
        Assert.Equal([0.01], After(new Adam { Maximize = true }, [0], [[2.0]], 0.01), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Lion_steps_by_the_sign_of_what_it_remembers()
    {
        // g = 1: sign 1, m = 0.01; then g = −0.05: 0.9·0.01 − 0.1·0.05 = 0.004 > 0: the sign stays
        Assert.Equal([-0.2], After(new Lion(), [0], [[1.0], [-0.05]], 0.1), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void Parameters_that_record_gradients_are_updated_in_place()
    {
        using var scope = TensorScope.Open();
        var parameter = Tensor.Of(1.0);
        parameter.RequiresGrad = true;

        new Sgd().Update(parameter, Tensor.Of(1.0), [], 0.1, 1);

        Assert.Equal(0.9, parameter.Item(), AbsoluteTolerance.Of(1e-12));
        Assert.True(parameter.RequiresGrad);
    }

    [Fact]
    public void An_update_leaves_no_tensor_behind()
    {
        using var scope = TensorScope.Open();
        var rule = new Adam { AmsGrad = true, WeightDecay = 0.1 };
        var parameter = Tensor.Of(1.0);
        var gradient = Tensor.Of(1.0);
        Tensor[] state = [.. rule.StateNames.Select(_ => parameter.ZerosLike())];
        var before = TorchRuntime.LiveTensors;

        rule.Update(parameter, gradient, state, 0.1, 1);

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    private static double[] After(IUpdateRule rule, double[] start, double[][] gradients, double learningRate)
    {
        using var scope = TensorScope.Open();
        var parameter = Tensor.Of<double>(start);
        Tensor[] state = [.. rule.StateNames.Select(_ => parameter.ZerosLike())];
        for (var step = 0; step < gradients.Length; step++)
        {
            rule.Update(parameter, Tensor.Of<double>(gradients[step]), state, learningRate, step + 1);
        }

        return parameter.ToArray<double>();
    }
}
