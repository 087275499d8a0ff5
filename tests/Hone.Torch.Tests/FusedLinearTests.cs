namespace Hone.Torch.Tests;

public sealed class FusedLinearTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Behind_a_norm_values_and_gradients_have_the_bits_of_a_plain_product(DType dtype)
    {
        RequireSame(dtype, [[60, 24], [24]], x => Fused.RmsNorm(x[0], x[1], 1e-6), columns: 24);
        RequireSame(dtype, [[60, 40], [60, 40]], x => Fused.SwiGlu(x[0], x[1]), columns: 40);
        RequireSame(dtype, [[60, 24]], x => x[0] * 2, columns: 24);
    }

    [Fact]
    public void A_norm_of_columns_is_made_again_from_a_dense_copy()
    {
        using var scope = TensorScope.Open();
        var (x, weight, gain) = (Leaf(1, 24, 60), Leaf(2, 7, 24), Leaf(3, 24));

        Fused.Linear(Fused.RmsNorm(x.Transpose(0, 1), gain, 1e-6), weight).Backward(Normal(4, 60, 7));
        var found = weight.Grad!;
        weight.Grad = null;
        Fused.RmsNorm(x.Transpose(0, 1), gain, 1e-6).Linear(weight).Backward(Normal(4, 60, 7));

        FusedAgreement.AssertSame(weight.Grad!, found);
    }

    [Fact]
    public void What_a_norm_or_a_gate_gave_is_not_kept_for_the_backward_pass()
    {
        // x, its gate and their products have 1 MiB each; what is kept above the inputs are the three products.
        const long mebibyte = 1 << 20;
        using var scope = TensorScope.Open();
        var (x, gain, weight) = (Leaf(1, 4096, 64), Leaf(2, 64), Leaf(3, 64, 64));
        var before = TensorMemory.Live;

        var product = Product();

        Assert.InRange(TensorMemory.Live - before, 3 * mebibyte, (7 * mebibyte) / 2);
        product.Backward(Normal(4, 4096, 64));
        Assert.NotNull(x.Grad);

        Tensor Product()
        {
            using var inner = TensorScope.Open();
            var normal = Fused.RmsNorm(x, gain, 1e-6);
            var gated = Fused.SwiGlu(Fused.Linear(normal, weight), Fused.Linear(normal, weight));
            return inner.Keep(Fused.Linear(gated, weight));
        }
    }

    [Fact]
    public void A_backward_pass_leaves_nothing_of_what_it_made_again()
    {
        using var scope = TensorScope.Open();
        var (x, gain, weight) = (Leaf(1, 4096, 64), Leaf(2, 64), Leaf(3, 64, 64));
        var product = Fused.Linear(Fused.RmsNorm(x, gain, 1e-6), weight);
        var before = TensorMemory.Live;

        product.Backward(product.Detach());

        // The gradient of x has 1 MiB, and x, its inverses and the product's are gone from the record.
        Assert.InRange(TensorMemory.Live - before, 0, 3 << 19);
    }

    [Fact]
    public void A_frozen_weight_takes_no_gradient()
    {
        using var scope = TensorScope.Open();
        var (x, gain, weight) = (Leaf(1, 5, 8), Leaf(2, 8), Normal(3, 6, 8));

        Fused.Linear(Fused.RmsNorm(x, gain, 1e-6), weight).Sum().Backward();

        Assert.Null(weight.Grad);
        Assert.NotNull(x.Grad);
        Assert.NotNull(gain.Grad);
    }

    private static void RequireSame(DType dtype, long[][] shapes, Func<Tensor[], Tensor> make, int columns)
    {
        var plain = Differentiate((x, weight) => x.Linear(weight));
        var found = Differentiate(Fused.Linear);
        Assert.Equal(plain.Count, found.Count);
        for (var i = 0; i < plain.Count; i++)
        {
            Assert.Equal(plain[i], found[i]);
        }

        // Two products of one input, whose gradients add up.
        List<int[]> Differentiate(Func<Tensor, Tensor, Tensor> linear)
        {
            using var scope = TensorScope.Open();
            Tensor[] inputs = [.. shapes.Select((shape, i) => Leaf((uint)i + 1, shape, i == 0 || shape.Length > 1
                ? dtype : DType.Float32))];
            var (first, second) = (Leaf(8, [30, columns], dtype), Leaf(9, [12, columns], dtype));
            var made = make(inputs);
            var result = Tensor.Cat([linear(made, first), linear(made, second)], 1);
            result.Backward(FusedAgreement.Normal(dtype, 10, 60, 42));
            return [.. ((Tensor[])[result, first.Grad!, second.Grad!, .. inputs.Select(x => x.Grad!)]).Select(
                x => x.Detach().To(DType.Float32).ToArray<float>().Select(BitConverter.SingleToInt32Bits).ToArray())];
        }
    }

    private static Tensor Normal(uint stream, params ReadOnlySpan<long> shape) =>
        FusedAgreement.Normal(DType.Float32, stream, shape);

    private static Tensor Leaf(uint stream, params ReadOnlySpan<long> shape) => Leaf(stream, shape, DType.Float32);

    private static Tensor Leaf(uint stream, ReadOnlySpan<long> shape, DType dtype)
    {
        var leaf = FusedAgreement.Normal(dtype, stream, shape).Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }
}
