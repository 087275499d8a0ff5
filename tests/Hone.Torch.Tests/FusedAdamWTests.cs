namespace Hone.Torch.Tests;

public sealed class FusedAdamWTests
{
    public static TheoryData<int, DType> Kinds => FusedAgreement.Kinds;

    [Fact]
    public void The_first_step_is_lr_times_the_sign_of_the_gradient_after_decay()
    {
        // t = 1: m/(1-β₁) = g, √v/√(1-β₂) = |g|; p = 2·(1 - 0.1·0.5) - 0.1·(4/4) = 1.9 - 0.1 = 1.8. m = 0.1·4, v =
        // 0.01·16.
        using var scope = TensorScope.Open();
        var (p, m, v) = (Tensor.Of(2f), Tensor.Of(0f), Tensor.Of(0f));
        var shadow = Tensor.Of(0f).To(DType.BFloat16);

        Fused.AdamW(
            [p], [Tensor.Of(8f)], [m], [v], [shadow], [0.5], new AdamWStep(0.1, 0.9, 0.99, 0, 1, GradientScale: 0.5));

        Assert.Equal(1.8, p.Item(), 1e-6);
        Assert.Equal(0.4, m.Item(), 1e-6);
        Assert.Equal(0.16, v.Item(), 1e-6);
        Assert.Equal(1.796875, shadow.Item()); // 1.8 = 230.4/128, and bfloat16 has whole 128ths there: 230/128
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Several_steps_agree_with_the_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        long[] sizes = [1, 7, 1000, 70001];
        var fused = State();
        var composed = State();
        Tensor[] gradients = [.. sizes.Select((n, i) => FusedAgreement.Normal(dtype, (uint)i, n))];
        double[] decay = [0, 0.1, 0.2, 0.3];
        for (var step = 1L; step <= 3; step++)
        {
            Step(Operator.Find("hone::adamw_"), fused, step);
            Step(Operator.Find("hone::adamw_", "composite"), composed, step);
        }

        for (var i = 0; i < sizes.Length; i++)
        {
            FusedAgreement.AssertClose(composed.P[i], fused.P[i], 1e-6, $"parameter {i}");
            FusedAgreement.AssertClose(composed.M[i], fused.M[i], 1e-6, $"first moment {i}");
            FusedAgreement.AssertClose(composed.V[i], fused.V[i], 1e-6, $"second moment {i}");
            FusedAgreement.AssertSame(fused.P[i].To(DType.BFloat16), fused.Shadow[i]);
        }

        (Tensor[] P, Tensor[] M, Tensor[] V, Tensor[] Shadow) State() =>
            ([.. sizes.Select((n, i) => FusedAgreement.Normal(DType.Float32, 50 + (uint)i, n))],
                [.. sizes.Select(n => Tensor.Zeros(DType.Float32, n))],
                [.. sizes.Select(n => Tensor.Zeros(DType.Float32, n))],
                [.. sizes.Select(n => Tensor.Zeros(DType.BFloat16, n))]);

        void Step(Operator op, (Tensor[] P, Tensor[] M, Tensor[] V, Tensor[] Shadow) state, long step) =>
            op.Run(state.P, gradients, state.M, state.V, state.Shadow, 1e-2, 0.9, 0.95, 1e-8, decay, step, 0.7);
    });

    [Fact]
    public void A_backward_pass_through_what_was_stepped_is_refused()
    {
        using var scope = TensorScope.Open();
        var p = Tensor.Of(3f);
        p.RequiresGrad = true;
        var loss = (p * p).Sum();

        Fused.AdamW(
            [p], [Tensor.Of(1f)], [Tensor.Of(0f)], [Tensor.Of(0f)], [], [0], new AdamWStep(0.1, 0.9, 0.99, 1e-8, 1));

        Assert.Contains("modified by an inplace operation", Assert.Throws<TorchException>(loss.Backward).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_list_must_be_complete()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Of(1f);
        var error = Assert.Throws<TorchException>(
            () => Fused.AdamW([x], [], [x], [x], [], [0], new AdamWStep(0.1, 0.9, 0.99, 1e-8, 1)));
        Assert.Equal(
            "hone::adamw_: every list must have one entry for each of 1 parameters, got 0 gradients, 1 and 1 moments, "
                + "1 weight decays and 0 shadows",
            error.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_sum_of_squares_is_exact_to_double(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        // 100,003 times 2² and 3 times 16384² = 2^28: whole numbers, exact in float64
        using var scope = TensorScope.Open();
        Tensor[] tensors = [Tensor.Full(2, dtype, 100_003), Tensor.Full(16384, dtype, 3)];

        var sum = FusedAgreement.WithThreads(2, () => Fused.SumOfSquares(tensors));

        Assert.Equal(DType.Float64, sum.DType);
        Assert.Equal((100_003 * 4.0) + (3 * 16384.0 * 16384.0), sum.Item());
        Assert.Equal(0, Fused.SumOfSquares([]).Item());
    });
}
