using System.Text;

namespace Hone.Torch.Tests;

public sealed class FusedMatrixProductTests
{
    private static readonly Operator BeginProfile = Operator.Find("hone::profile_begin");
    private static readonly Operator EndProfile = Operator.Find("hone::profile_end");

    [Theory]
    [InlineData(697)] // 17 · 41: in two parts
    [InlineData(704)] // 11 · 64
    [InlineData(701)] // a prime
    [InlineData(41)]
    [InlineData(0)]
    public void A_product_is_that_of_ATen_whatever_its_rows(int rows)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.BFloat16])
        {
            using var scope = TensorScope.Open();
            var (left, right) = (Normal(dtype, 1, rows, 40), Normal(dtype, 2, 40, 24));

            var product = Fused.MatrixProduct(left, right);

            var expected = left.To(DType.Float64).Matmul(right.To(DType.Float64));
            Assert.Equal(dtype, product.DType);
            FusedAgreement.AssertClose(expected, product, FusedAgreement.Tolerance(dtype), "product");
        }
    }

    [Fact]
    public void Rows_that_would_be_cut_into_small_blocks_are_multiplied_in_two_parts()
    {
        Assert.Equal(["aten::mm BFloat16 688x40 40x24", "aten::mm BFloat16 9x40 40x24"], Products(DType.BFloat16, 697));
        Assert.Equal(["aten::mm BFloat16 704x40 40x24"], Products(DType.BFloat16, 704));
        Assert.Equal(["aten::mm BFloat16 701x40 40x24"], Products(DType.BFloat16, 701));
        Assert.Equal(["aten::mm BFloat16 41x40 40x24"], Products(DType.BFloat16, 41));
        Assert.Equal(["aten::mm Float 697x40 40x24"], Products(DType.Float32, 697));
    }

    [Fact]
    public void A_product_in_two_parts_has_the_gradients_of_one()
    {
        using var scope = TensorScope.Open();
        var (x, weight) = (Leaf(1, 697, 40), Leaf(2, 24, 40));
        var slopes = Normal(DType.BFloat16, 3, 697, 24);

        Fused.Linear(x, weight).Backward(slopes);

        var (wide, tolerance) = (slopes.To(DType.Float64), FusedAgreement.Tolerance(DType.BFloat16));
        FusedAgreement.AssertClose(wide.Matmul(weight.Detach().To(DType.Float64)), x.Grad!, tolerance, "input");
        FusedAgreement.AssertClose(
            wide.Transpose(0, 1).Matmul(x.Detach().To(DType.Float64)), weight.Grad!, tolerance, "weight");
    }

    [Fact]
    public void A_product_that_is_recorded_has_gradients()
    {
        using var scope = TensorScope.Open();
        var (left, right) = (Leaf(1, 697, 40), Leaf(2, 40, 24));

        Fused.MatrixProduct(left, right).Sum().Backward();

        Assert.NotNull(left.Grad);
        Assert.NotNull(right.Grad);
    }

    private static string[] Products(DType dtype, int rows)
    {
        using var scope = TensorScope.Open();
        var (left, right) = (Normal(dtype, 1, rows, 40), Normal(dtype, 2, 40, 24));
        BeginProfile.Run(false);
        string text;
        try
        {
            Fused.MatrixProduct(left, right);
        }
        finally
        {
            text = Encoding.UTF8.GetString(EndProfile.Call().AsSpan<byte>());
        }

        return [.. text.Split('\n').Where(line => line.StartsWith("aten::mm", StringComparison.Ordinal)).Select(
            line => line.Split('\t')[0])];
    }

    private static Tensor Normal(DType dtype, uint stream, params ReadOnlySpan<long> shape) =>
        FusedAgreement.Normal(dtype, stream, shape);

    private static Tensor Leaf(uint stream, params ReadOnlySpan<long> shape)
    {
        var leaf = Normal(DType.BFloat16, stream, shape).Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }
}
