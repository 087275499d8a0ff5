namespace Hone.Torch.Tests;

public sealed class FusedAdamW8BitTests
{
    public static TheoryData<int, DType> Kinds => FusedAgreement.Kinds;

    [Fact]
    public void The_first_step_is_lr_times_the_sign_of_the_gradient_and_leaves_codes()
    {
        // As in FusedAdamWTests: p = 1.8, m = 0.4, v = 0.16. Each is the largest of its block, so its code is that of
        // 1: 255.
        using var scope = TensorScope.Open();
        var p = Tensor.Of(2f);
        using var m = CodedMoment.Zeros(p, CodeTable.SignedBytes);
        using var v = CodedMoment.Zeros(p, CodeTable.UnsignedBytes);

        Fused.AdamW8Bit([p], [Tensor.Of(8f)], [m], [v], [0.5], new AdamWStep(0.1, 0.9, 0.99, 0, 1, GradientScale: 0.5));

        Assert.Equal(1.8, p.Item(), 1e-6);
        Assert.Equal((255, 255), (m.Codes.ToArray<byte>()[0], v.Codes.ToArray<byte>()[0]));
        Assert.Equal(0.4, m.Scales.Item(), 1e-6);
        Assert.Equal(0.16, v.Scales.Item(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Several_steps_agree_with_the_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        long[] sizes = [1, 7, 256, 1000, 70001];
        var (fused, composed) = (State(), State());
        Tensor[] gradients = [.. sizes.Select((n, i) => FusedAgreement.Normal(dtype, (uint)i, n))];
        var (signed, unsigned) = (CodeTable.SignedBytes.ToTensor(), CodeTable.UnsignedBytes.ToTensor());
        for (var step = 1L; step <= 3; step++)
        {
            Step(Operator.Find("hone::adamw_8bit_"), fused, step);
            Step(Operator.Find("hone::adamw_8bit_", "composite"), composed, step);
        }

        for (var i = 0; i < sizes.Length; i++)
        {
            // A moment on a midpoint may round to either side: the next steps of a few numbers differ by as much as
            // codes do.
            Assert.InRange(Differing(composed.P[i], fused.P[i], 1e-6), 0, 0.01);
            Assert.InRange(Differing(composed.M[i].Codes, fused.M[i].Codes, 0), 0, 0.01);
            Assert.InRange(Differing(composed.V[i].Codes, fused.V[i].Codes, 0), 0, 0.01);
            FusedAgreement.AssertClose(composed.M[i].Scales, fused.M[i].Scales, 1e-2, $"scales of first moment {i}");
        }

        (Tensor[] P, CodedMoment[] M, CodedMoment[] V) State()
        {
            Tensor[] parameters = [.. sizes.Select((n, i) => FusedAgreement.Normal(DType.Float32, 50 + (uint)i, n))];
            return (parameters,
                [.. parameters.Select(p => CodedMoment.Zeros(p, CodeTable.SignedBytes))],
                [.. parameters.Select(p => CodedMoment.Zeros(p, CodeTable.UnsignedBytes))]);
        }

        void Step(Operator op, (Tensor[] P, CodedMoment[] M, CodedMoment[] V) state, long step) => op.Run(
            state.P, gradients, Codes(state.M), Scales(state.M), Codes(state.V), Scales(state.V), signed, unsigned,
            1e-2, 0.9, 0.95, 1e-8, new double[] { 0, 0.1, 0.2, 0.3, 0.4 }, step, 0.7);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_code_comes_back_to_itself(int isa) => FusedAgreement.On(isa, () =>
    {
        // With β = 1 and no gradient a moment stays what it is; so must its codes, whatever bucket each value falls
        // into.
        using var scope = TensorScope.Open();
        byte[] all = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        var p = Tensor.Zeros(DType.Float32, 256);
        using var m = CodedMoment.Zeros(p, CodeTable.SignedBytes);
        using var v = CodedMoment.Zeros(p, CodeTable.UnsignedBytes);
        m.Codes.CopyFrom(Tensor.From<byte>(all, 256));
        v.Codes.CopyFrom(Tensor.From<byte>(all, 256));
        m.Scales.Fill(0.75);
        v.Scales.Fill(0.75);

        Fused.AdamW8Bit(
            [p], [Tensor.Zeros(DType.Float32, 256)], [m], [v], [0], new AdamWStep(0, 0.99999999, 0.99999999, 1e-8, 1));

        Assert.Equal(all, m.Codes.ToArray<byte>());
        Assert.Equal(all, v.Codes.ToArray<byte>());
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Next_to_the_midpoints_the_nearest_code_is_found(int isa) => FusedAgreement.On(isa, () =>
    {
        // With β₁ = 0 the moment is the gradient; a 1 in each block of 256 makes its scale 1.
        using var scope = TensorScope.Open();
        var values = CodeTable.SignedBytes.Rising;
        float[] midpoints = [.. Enumerable.Range(0, 255).Select(i => (values[i] + values[i + 1]) / 2)];
        float[] numbers =
        [
            1, .. midpoints,
            1, .. midpoints.Select(MathF.BitIncrement),
            1, .. midpoints.Select(MathF.BitDecrement),
            1, .. midpoints.Select(x => x / 3),
        ];
        var p = Tensor.Zeros(DType.Float32, numbers.Length);
        using var m = CodedMoment.Zeros(p, CodeTable.SignedBytes);
        using var v = CodedMoment.Zeros(p, CodeTable.UnsignedBytes);

        var gradient = Tensor.From<float>(numbers, numbers.Length);
        Fused.AdamW8Bit([p], [gradient], [m], [v], [0], new AdamWStep(0, 0, 0, 1, 1));

        Assert.Equal(numbers.Select(x => (byte)midpoints.Count(midpoint => midpoint < x)), m.Codes.ToArray<byte>());
    });

    [Theory]
    [InlineData(0, 1e-39f)]
    [InlineData(1, 1e-39f)]
    [InlineData(4, 1e-39f)]
    [InlineData(0, 3e38f)]
    [InlineData(1, 3e38f)]
    [InlineData(4, 3e38f)]
    public void Magnitudes_without_an_inverse_keep_their_codes(int isa, float largest) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var gradient = Tensor.Of(largest, 0, -largest, largest / 2);
        byte[] Codes(string overload)
        {
            var p = Tensor.Zeros(DType.Float32, 4);
            using var m = CodedMoment.Zeros(p, CodeTable.SignedBytes);
            using var v = CodedMoment.Zeros(p, CodeTable.UnsignedBytes);
            Operator.Find("hone::adamw_8bit_", overload).Run(
                new[] { p }, new[] { gradient }, new[] { m.Codes }, new[] { m.Scales }, new[] { v.Codes },
                new[] { v.Scales }, CodeTable.SignedBytes.ToTensor(), CodeTable.UnsignedBytes.ToTensor(),
                0.0, 0.0, 0.0, 1.0, new double[] { 0 }, 1L, 1.0);
            return m.Codes.ToArray<byte>();
        }

        Assert.Equal(Codes("composite"), Codes(""));
    });

    [Fact]
    public void A_table_of_another_kind_is_refused()
    {
        using var scope = TensorScope.Open();
        var (p, codes) = (Tensor.Zeros(DType.Float32, 256), Tensor.Zeros(DType.UInt8, 256));
        var (scales, table) = (Tensor.Zeros(DType.Float32, 1), Tensor.Arange(0, 256, DType.Float32) / 255);
        Tensor[] many = [p], bytes = [codes], scale = [scales];

        var error = Assert.Throws<TorchException>(() =>
        {
            Operator.Find("hone::adamw_8bit_").Run(many, many, bytes, scale, bytes, scale, table, table,
                0.1, 0.9, 0.99, 1e-8, new double[] { 0 }, 1L, 1.0);
        });

        Assert.Equal(
            "hone::adamw_8bit_: a table must be one of dynamic tree quantisation, signed or not", error.Message);
    }

    [Fact]
    public void A_moment_of_another_size_is_refused()
    {
        using var scope = TensorScope.Open();
        var p = Tensor.Zeros(DType.Float32, 300);
        using var m = CodedMoment.Zeros(Tensor.Zeros(DType.Float32, 200), CodeTable.SignedBytes);

        Assert.Equal(
            "hone::adamw_8bit_: codes must be 300 contiguous bytes, got Byte [200]",
            Assert.Throws<TorchException>(
                () => Fused.AdamW8Bit([p], [p], [m], [m], [0], new AdamWStep(0.1, 0.9, 0.99, 0, 1))).Message);
    }

    private static Tensor[] Codes(CodedMoment[] moments) => Array.ConvertAll(moments, moment => moment.Codes);

    private static Tensor[] Scales(CodedMoment[] moments) => Array.ConvertAll(moments, moment => moment.Scales);

    private static double Differing(Tensor expected, Tensor got, double tolerance) =>
        (expected.To(DType.Float64) - got.To(DType.Float64)).Abs().GreaterThan(tolerance).To(DType.Float64)
            .Mean().Item();
}
