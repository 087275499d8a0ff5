namespace Hone.Torch.Tests;

public sealed class FusedTests
{
    public static TheoryData<int, DType> Kinds => FusedAgreement.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RmsNorm_agrees_with_its_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        foreach (var hidden in new long[] { 1, 37, 64, 288 })
        {
            FusedAgreement.Check(
                "hone::rms_norm",
                [FusedAgreement.Normal(dtype, 1, 3, 41, hidden), FusedAgreement.Normal(dtype, 2, hidden)],
                (op, x) => op.Call(x[0], x[1], 1e-5));
        }
    });

    [Fact]
    public void RmsNorm_divides_by_the_root_of_the_mean_square()
    {
        // mean(3², 4²) = 12.5, with ε = 3.5 √16 = 4: 3/4·2 and 4/4·10
        using var scope = TensorScope.Open();
        Assert.Equal([1.5f, 10f], Fused.RmsNorm(Tensor.Of(3f, 4f), Tensor.Of(2f, 10f), 3.5).ToArray<float>());
    }

    [Fact]
    public void RmsNorm_of_a_bfloat16_state_takes_a_float32_weight()
    {
        using var scope = TensorScope.Open();
        var weight = Tensor.Of(1f, 1f);
        weight.RequiresGrad = true;

        var y = Fused.RmsNorm(Tensor.Of(1f, 1f).To(DType.BFloat16), weight, 0);
        y.Sum().Backward();

        Assert.Equal(DType.BFloat16, y.DType);
        Assert.Equal([1f, 1f], weight.Grad!.ToArray<float>());
    }

    [Fact]
    public void RmsNorm_refuses_a_weight_of_another_size()
    {
        using var scope = TensorScope.Open();
        var error = Assert.Throws<TorchException>(
            () => Fused.RmsNorm(Tensor.Zeros(DType.Float32, 2, 64), Tensor.Zeros(DType.Float32, 32), 1e-5));
        Assert.Equal("hone::rms_norm: weight must have hidden = 64 entries, got [32]", error.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rotary_agrees_with_its_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var cos = FusedAgreement.Normal(DType.Float32, 3, 50, 10);
        var sin = FusedAgreement.Normal(DType.Float32, 4, 50, 10);
        var positions = Tensor.Of(0L, 49L, 7L, 7L, 12L);
        foreach (var dim in new long[] { 20, 27 }) // 27: seven numbers of each head pass through
        {
            FusedAgreement.Check(
                "hone::rotary",
                [FusedAgreement.Normal(dtype, 5, 5, 3, dim)],
                (op, x) => op.Call(x[0], cos, sin, positions));
        }
    });

    [Fact]
    public void Rotary_turns_the_halves_of_a_head()
    {
        // Position 1 turns by 90°: (a, b) -> (-b, a).
        using var scope = TensorScope.Open();
        var cos = Tensor.From([1f, 1f, 0f, 0f], 2, 2);
        var sin = Tensor.From([0f, 0f, 1f, 1f], 2, 2);
        var x = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f], 2, 1, 4);

        Assert.Equal([1f, 2f, 3f, 4f, -7f, -8f, 5f, 6f], Fused.Rotary(x, cos, sin, Tensor.Of(0L, 1L)).ToArray<float>());
    }

    [Fact]
    public void Rotary_refuses_a_position_beyond_its_tables()
    {
        using var scope = TensorScope.Open();
        var table = Tensor.Zeros(DType.Float32, 8, 2);
        var error = Assert.Throws<TorchException>(
            () => Fused.Rotary(Tensor.Zeros(DType.Float32, 2, 1, 4), table, table, Tensor.Of(3L, 8L)));
        Assert.Equal("hone::rotary: the position of token 1 must be from 0 to 7, got 8", error.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SwiGlu_agrees_with_its_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        FusedAgreement.Check(
            "hone::swiglu",
            [FusedAgreement.Normal(dtype, 6, 70, 33) * 4, FusedAgreement.Normal(dtype, 7, 70, 33)],
            (op, x) => op.Call(x[0], x[1]));
    });

    [Fact]
    public void SwiGlu_is_silu_times_up_also_far_from_zero()
    {
        // silu(0) = 0; silu(100) = 100; silu(-100) = -100·e^-100 = 0 in float32
        using var scope = TensorScope.Open();
        FusedAgreement.AssertNear(
            [0f, 200f, 0f], Fused.SwiGlu(Tensor.Of(0f, 100f, -100f), Tensor.Of(2f, 2f, 2f)), 1e-30);
    }

    [Fact]
    public void Gradients_do_not_depend_on_the_number_of_threads()
    {
        using var scope = TensorScope.Open();
        FusedAgreement.AssertSame(WeightGradient(1), WeightGradient(2));

        static Tensor WeightGradient(int threads) => FusedAgreement.WithThreads(threads, () =>
        {
            var weight = FusedAgreement.Normal(DType.Float32, 8, 40);
            weight.RequiresGrad = true;
            Fused.RmsNorm(FusedAgreement.Normal(DType.Float32, 9, 3001, 40), weight, 1e-6).Pow(2).Sum().Backward();
            return weight.Grad!;
        });
    }
}
