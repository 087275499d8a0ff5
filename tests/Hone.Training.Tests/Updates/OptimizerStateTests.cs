using Hone.Algorithms.Optimizers;
using Hone.Torch;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

public sealed class OptimizerStateTests
{
    private static readonly Adam Rule = new() { Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 };

    [Fact]
    public void Decay_acts_on_matrices_and_not_on_norms()
    {
        using var scope = TensorScope.Open();
        var (matrix, norm) = (Weight(1, 2), Weight(1, 2));
        using var state = new OptimizerState(
            [new("model.layers.0.mlp.up_proj.weight", matrix), new("model.norm.weight", norm)],
            Rule with { WeightDecay = 0.5 }, clipNorm: 1);
        (matrix.Grad, norm.Grad) = (Tensor.Of<float>(0, 0), Tensor.Of<float>(0, 0));

        // Without a gradient only the decay is left: w·(1 − 0.1·0.5).
        Assert.Equal(0, state.Step(0.1));
        Assert.Equal([0.95f, 1.9f], matrix.ToArray<float>());
        Assert.Equal([1f, 2], norm.ToArray<float>());
    }

    [Fact]
    public void The_gradient_is_clipped_over_all_weights_together()
    {
        using var scope = TensorScope.Open();
        var (a, b) = (Weight(1), Weight(1));
        using var state = new OptimizerState([new("a", a), new("b", b)], Rule, clipNorm: 1);
        (a.Grad, b.Grad) = (Tensor.Of<float>(3), Tensor.Of<float>(-4));

        // ‖(3, −4)‖ = 5, so that the gradient becomes (0.6, −0.8): m = 0.1·g, v = 0.001·g², and the first step is
        // η·sign(g).
        Assert.Equal(5, state.Step(0.1), 1e-6);
        var moments = state.Moments.ToDictionary(moment => moment.Key, moment => moment.Value.ToArray<float>()[0]);
        Assert.Equal(["first.a", "second.a", "first.b", "second.b"], state.Moments.Select(moment => moment.Key));
        Assert.Equal(0.06, moments["first.a"], 1e-6);
        Assert.Equal(-0.08, moments["first.b"], 1e-6);
        Assert.Equal(0.00036, moments["second.a"], 1e-8);
        Assert.Equal(0.00064, moments["second.b"], 1e-8);
        Assert.Equal(0.9, a.ToArray<float>()[0], 1e-6);
        Assert.Equal(1.1, b.ToArray<float>()[0], 1e-6);
        Assert.Equal(1, state.Updates);
        Assert.Null(a.Grad);
    }

    [Fact]
    public void Moments_of_large_weights_in_8_bits_go_on_from_a_checkpoint_bit_for_bit()
    {
        const int count = 5000;
        using var scope = TensorScope.Open();
        var (whole, interrupted) = (Spread(count), Spread(count));
        var (small, smallInterrupted) = (Weight(1, 2), Weight(1, 2));
        using var state = Open(whole, small);
        using var before = Open(interrupted, smallInterrupted);
        for (var step = 1; step <= 3; step++)
        {
            Step(state, whole, small, step);
            Step(before, interrupted, smallInterrupted, step);
        }

        using var after = Open(interrupted, smallInterrupted);
        after.Restore(before.Updates, before.Moments.ToDictionary()!.GetValueOrDefault!);
        Step(state, whole, small, 4);
        Step(after, interrupted, smallInterrupted, 4);

        Assert.Equal(
            ["first.w", "first_scale.w", "second.w", "second_scale.w", "first.b", "second.b"],
            state.Moments.Select(moment => moment.Key));
        Assert.Equal(DType.UInt8, state.Moments.First().Value.DType);
        Assert.Equal(whole.ToArray<float>(), interrupted.ToArray<float>());
        Assert.Equal(small.ToArray<float>(), smallInterrupted.ToArray<float>());

        static OptimizerState Open(Tensor large, Tensor little) =>
            new([new("w", large), new("b", little)], Rule, clipNorm: 1, inEightBits: true);

        static void Step(OptimizerState state, Tensor large, Tensor little, int step)
        {
            (large.Grad, little.Grad) = (Spread(count).MultiplyInPlace(step), Tensor.Of(1f, 2f));
            state.Step(0.01);
        }

        static Tensor Spread(int count) =>
            Tensor.From<float>([.. Enumerable.Range(0, count).Select(i => ((i % 101) - 50) / 50f)], count);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(10, 3)]
    [InlineData(1, 1)]
    public void A_shorter_gradient_and_one_that_nothing_bounds_stay_as_they_are(double clipNorm, double gradient)
    {
        using var scope = TensorScope.Open();
        var weight = Weight(1);
        using var state = new OptimizerState([new("a", weight)], Rule, clipNorm);
        weight.Grad = Tensor.Of((float)gradient);

        Assert.Equal(gradient, state.Step(0.1), 1e-6);
        Assert.Equal(0.1 * gradient, state.Moments.First().Value.ToArray<float>()[0], 1e-6);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void A_gradient_that_is_not_finite_is_refused_and_nothing_has_moved(float gradient, string norm)
    {
        using var scope = TensorScope.Open();
        var (a, b) = (Weight(1), Weight(2));
        using var state = new OptimizerState([new("a", a), new("b", b)], Rule with { WeightDecay = 0.1 }, clipNorm: 1);
        (a.Grad, b.Grad) = (Tensor.Of<float>(1), Tensor.Of<float>(1));
        state.Step(0.1);
        var before = Numbers();
        (a.Grad, b.Grad) = (Tensor.Of<float>(1), Tensor.Of(gradient));

        var fault = Assert.Throws<TrainingException>(() => state.Step(0.1));

        Assert.Equal(
            $"update 2: the gradient must be finite, its norm is {norm}; "
            + "lower optimizer.learning_rate or look for odd rows",
            fault.Message);
        Assert.Equal(before, Numbers());
        Assert.Equal(1, state.Updates);

        float[] Numbers() =>
            [.. state.Moments.Select(moment => moment.Value).Prepend(a).Prepend(b).SelectMany(x => x.ToArray<float>())];
    }

    [Fact]
    public void A_weight_without_a_gradient_rests()
    {
        using var scope = TensorScope.Open();
        var (a, b) = (Weight(1), Weight(1));
        using var state = new OptimizerState([new("a", a), new("b", b)], Rule with { WeightDecay = 0.5 }, clipNorm: 0);
        a.Grad = Tensor.Of<float>(2);

        Assert.Equal(2, state.Step(0.1), 1e-6);
        Assert.Equal([1f], b.ToArray<float>());
        Assert.NotEqual([1f], a.ToArray<float>());
    }

    [Fact]
    public void A_restored_state_goes_on_as_the_one_that_was_saved()
    {
        using var scope = TensorScope.Open();
        var (a, b) = (Weight(1, 2), Weight(1, 2));
        using var first = new OptimizerState([new("w", a)], Rule, clipNorm: 1);
        using var second = new OptimizerState([new("w", b)], Rule, clipNorm: 1);
        a.Grad = Tensor.Of<float>(1, -3);
        first.Step(0.1);
        using (Autograd.NoGrad())
        {
            b.CopyFrom(a);
        }

        var saved = first.Moments.ToDictionary();
        second.Restore(first.Updates, name => saved[name].Clone());
        (a.Grad, b.Grad) = (Tensor.Of<float>(2, 5), Tensor.Of<float>(2, 5));

        Assert.Equal(first.Step(0.1), second.Step(0.1));
        Assert.Equal(a.ToArray<float>(), b.ToArray<float>());
        Assert.Equal((2, 2), (second.Updates, second.Count));
    }

    [Fact]
    public void Moments_are_freed_with_the_state()
    {
        using var scope = TensorScope.Open();
        var weight = Weight(1);
        var before = TorchRuntime.LiveTensors;

        using (var state = new OptimizerState([new("w", weight)], Rule, clipNorm: 1))
        {
            Assert.Equal(before + 2, TorchRuntime.LiveTensors);
        }

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    private static Tensor Weight(params float[] values)
    {
        var weight = Tensor.Of<float>(values);
        weight.RequiresGrad = true;
        return weight;
    }
}
