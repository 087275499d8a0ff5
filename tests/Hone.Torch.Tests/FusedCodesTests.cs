namespace Hone.Torch.Tests;

public sealed class FusedCodesTests
{
    [Fact]
    public void Numbers_become_the_nearest_codes_over_the_largest_of_their_block()
    {
        // Block 1: largest 2, so 2 → 1 (code 15), −2 → −1 (0), 0 → 0 (7), 0.17 → 0.085, nearest 0.0796 (8). Block 2:
        // largest 0.5, of two.
        using var scope = TensorScope.Open();

        var (codes, scales) = Fused.QuantiseBlocks(Tensor.Of(2f, -2f, 0f, 0.17f, 0.5f, 0.25f), CodeTable.Nf4, 4);

        Assert.Equal([0xf0, 0x78, 0xfc], codes.ToArray<byte>()); // 0.25/0.5 = 0.5: nearer 0.4407 (12) than 0.5626 (13)
        Assert.Equal([2f, 0.5f], scales.ToArray<float>());
        Assert.Equal(
            [2f, -2f, 0f, 0.1591606f, 0.5f, 0.22035491f],
            Fused.DequantiseBlocks(codes, scales, CodeTable.Nf4, 4, DType.Float32, 6).ToArray<float>());
    }

    [Fact]
    public void An_odd_count_is_filled_up_with_the_code_of_0_and_zeros_have_the_scale_0()
    {
        using var scope = TensorScope.Open();

        var (codes, scales) = Fused.QuantiseBlocks(Tensor.Of(0f, 0f, 0f), CodeTable.Nf4, 2);

        Assert.Equal([0x77, 0x77], codes.ToArray<byte>());
        Assert.Equal([0f, 0f], scales.ToArray<float>());
        Assert.Equal(
            [0f, 0f, 0f], Fused.DequantiseBlocks(codes, scales, CodeTable.Nf4, 2, DType.Float32, 3).ToArray<float>());
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void The_kernel_agrees_with_the_composition(DType dtype)
    {
        using var scope = TensorScope.Open();
        foreach (var table in new[] { CodeTable.Nf4, CodeTable.SignedBytes, CodeTable.UnsignedBytes })
        {
            var x = FusedAgreement.Normal(dtype, 3, 37, 41);
            var values = Tensor.From<float>([.. table.Rising], table.Rising.Count);

            var fused = Operator.Find("hone::quantise_blocks").CallMany(x, values, 64L);
            var composed = Operator.Find("hone::quantise_blocks", "composite").CallMany(x, values, 64L);

            Assert.Equal(composed[0].ToArray<byte>(), fused[0].ToArray<byte>());
            Assert.Equal(composed[1].ToArray<float>(), fused[1].ToArray<float>());
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void A_product_and_its_gradient_are_those_of_the_weight_that_codes_stand_for(DType dtype)
    {
        using var scope = TensorScope.Open();
        var (codes, scales) = Fused.QuantiseBlocks(FusedAgreement.Normal(DType.Float32, 1, 24, 40), CodeTable.Nf4, 64);
        var weight = Fused.DequantiseBlocks(codes, scales, CodeTable.Nf4, 64, dtype, 24, 40);
        var (x, other) = (FusedAgreement.Normal(dtype, 2, 5, 40), FusedAgreement.Normal(dtype, 2, 5, 40));
        (x.RequiresGrad, other.RequiresGrad) = (true, true);

        var product = Fused.CodedLinear(x, codes, scales, CodeTable.Nf4, 64, 24);
        var expected = other.Linear(weight);
        (product * product).Sum().Backward();
        (expected * expected).Sum().Backward();

        FusedAgreement.AssertSame(expected, product);
        FusedAgreement.AssertSame(other.Grad!, x.Grad!);
    }

    [Fact]
    public void A_single_row_of_an_odd_number_of_codes_has_a_gradient()
    {
        // Two codes fill a byte: the last byte of five codes holds one that is no number of the weight.
        using var scope = TensorScope.Open();
        var (codes, scales) = Fused.QuantiseBlocks(Tensor.Of(1f, -1f, 1f, -1f, 1f), CodeTable.Nf4, 2);
        var x = Tensor.From<float>([1, 2, 3, 4, 5], 1, 5);
        x.RequiresGrad = true;

        Fused.CodedLinear(x, codes, scales, CodeTable.Nf4, 2, 1).Sum().Backward();

        Assert.Equal([1f, -1, 1, -1, 1], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void A_product_holds_no_dense_weight_for_its_gradient()
    {
        // 2,048 · 2,048 · 4 bytes would be 16 MiB a product; the codes of all are the same 2 MiB.
        using var scope = TensorScope.Open();
        var (codes, scales) = Fused.QuantiseBlocks(FusedAgreement.Normal(DType.Float32, 1, 64, 64), CodeTable.Nf4, 64);
        var x = FusedAgreement.Normal(DType.Float32, 2, 1, 64);
        x.RequiresGrad = true;
        var before = TorchRuntime.LiveTensors;

        var product = Fused.CodedLinear(x, codes, scales, CodeTable.Nf4, 64, 64);

        Assert.Equal(before + 1, TorchRuntime.LiveTensors);
        Assert.True(product.RequiresGrad);
    }

    [Fact]
    public void Codes_that_do_not_fit_are_refused()
    {
        using var scope = TensorScope.Open();
        var (codes, scales) = Fused.QuantiseBlocks(Tensor.Of(1f, 2f), CodeTable.Nf4, 2);

        Assert.Equal(
            "hone::dequantise_blocks: codes must be 2 bytes for [4], got 1 of Byte",
            Assert.Throws<TorchException>(
                () => Fused.DequantiseBlocks(codes, scales, CodeTable.Nf4, 2, DType.Float32, 4)).Message);
    }
}
