namespace Hone.Torch.Tests;

public sealed class IntegerProductTests
{
    [Fact]
    public void Products_of_integers_are_exact()
    {
        Assert.SkipUnless(IntegerProduct.Exists, "this libtorch brings no oneDNN of its own");
        using var scope = TensorScope.Open();
        var a = Tensor.From<byte>([1, 2, 255, 0, 128, 3], 2, 3);
        var b = Tensor.From<sbyte>([1, -128, 2, 127, -3, 4], 3, 2);
        var result = Tensor.Empty(DType.Int32, 2, 2);

        IntegerProduct.Compute(a, b, result);

        // 1 + 2·2 − 255·3 = −760   −128 + 2·127 + 255·4 = 1146   128·2 − 3·3 = 247   128·127 + 3·4 = 16268
        Assert.Equal([-760, 1146, 247, 16268], result.ToArray<int>());
    }

    [Fact]
    public void Other_types_and_sizes_are_refused()
    {
        Assert.SkipUnless(IntegerProduct.Exists, "this libtorch brings no oneDNN of its own");
        using var scope = TensorScope.Open();
        var a = Tensor.From<byte>([1, 2], 1, 2);

        var error = Assert.Throws<TorchException>(
            () => IntegerProduct.Compute(a, Tensor.From<sbyte>([1, 2, 3], 3, 1), Tensor.Empty(DType.Int32, 1, 1)));

        Assert.Contains(
            "hone::integer_product: must have contiguous uint8 [row, inner], int8 [inner, column] and int32 "
                + "[row, column], got CPUByteType [1, 2], CPUCharType [3, 1] and CPUIntType [1, 1]",
            error.Message, StringComparison.Ordinal);
    }
}
