using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Algorithms.Tests.Optimizers;

public sealed class EightBitTests
{
    [Fact]
    public void A_step_moves_as_the_rule_does_and_leaves_codes_over_the_largest()
    {
        // Lion from 0: p ← p − η·sign(0.1·g) = 1 ∓ 0.5; m ← 0.01·g = (0.04, −0.02). Over 0.04: 1 → 255; −0.5 → the
        // nearest of the top decade's 0.1 + 0.9·(k + ½)/64: k = 28 gives 0.50078, which below 0 is code 35 (0.992969 is
        // code 0).
        using var scope = TensorScope.Open();
        var p = Tensor.Of(1f, 1f);
        var rule = new EightBit(new Lion());
        var state = rule.Start(p);

        rule.Update(p, Tensor.Of(4f, -2f), state, learningRate: 0.5, step: 1);

        Assert.Equal([0.5f, 1.5f], p.ToArray<float>());
        Assert.Equal([255, 35], state[0].Codes.ToArray<byte>());
        Assert.Equal(0.04, state[0].Scales.Item(), 1e-7);
        state[0].Dispose();
    }

    [Fact]
    public void Squares_have_a_table_without_a_sign()
    {
        using var scope = TensorScope.Open();
        var p = Tensor.Of(1f, 1f);
        var rule = new EightBit(new Adam());
        var state = rule.Start(p);

        rule.Update(p, Tensor.Of(1f, 0f), state, learningRate: 0.1, step: 1);

        // The zero of both signs is code 127; without a sign 0 is code 0.
        Assert.Equal([255, 127], state[0].Codes.ToArray<byte>());
        Assert.Equal([255, 0], state[1].Codes.ToArray<byte>());
        Assert.All(state, moment => moment.Dispose());
    }

    [Fact]
    public void The_one_pass_of_AdamW_is_this_composition()
    {
        using var scope = TensorScope.Open();
        var adam = new Adam { WeightDecay = 0.1 };
        var rule = new EightBit(adam);
        Tensor[] starts = [Ramp(5000, 1), Ramp(5000, 1)];
        var composed = rule.Start(starts[0]);
        var fused = rule.Start(starts[1]);
        for (var step = 1; step <= 3; step++)
        {
            var gradient = Ramp(5000, 7 * step);
            rule.Update(starts[0], gradient, composed, 0.01, step);
            Fused.AdamW8Bit(
                [starts[1]], [gradient], [fused[0]], [fused[1]], [adam.WeightDecay],
                new AdamWStep(0.01, adam.Beta1, adam.Beta2, adam.Epsilon, step));
        }

        // A moment on a midpoint may round to either side.
        Assert.InRange((starts[0] - starts[1]).Abs().GreaterThan(1e-6).To(DType.Float64).Mean().Item(), 0, 0.005);
        Assert.All(composed.Concat(fused), moment => moment.Dispose());
    }

    private static Tensor Ramp(int count, int step) =>
        Tensor.From<float>([.. Enumerable.Range(0, count).Select(i => ((i * step % 997) - 498) / 100f)], count);
}
