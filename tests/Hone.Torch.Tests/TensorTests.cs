namespace Hone.Torch.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Metadata_is_that_of_the_values()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 3);

        Assert.Equal([2, 3], x.Shape);
        Assert.Equal(2, x.Rank);
        Assert.Equal(3, x.Size(-1));
        Assert.Equal(6, x.Count);
        Assert.Equal(DType.Float32, x.DType);
        Assert.Equal(Device.Cpu, x.Device);
        Assert.True(x.IsContiguous);
        Assert.False(x.Transpose(0, 1).IsContiguous);
        Assert.Equal("Float32 [2, 3]", x.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Size(2));
    }

    [Fact]
    public void Values_must_fill_the_shape() =>
        Assert.Equal(
            "a shape of 4 elements cannot hold 3 values",
            Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2f, 3f], 2, 2)).Message);

    [Fact]
    public void Arithmetic_broadcasts()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.From([1f, 2f, 3f, 4f], 2, 2);

        Assert.Equal([2f, 4f, 4f, 6f], (x + Tensor.Of(1f, 2f)).ToArray<float>());
        Assert.Equal([0f, 1f, 2f, 3f], (x - 1).ToArray<float>());
        Assert.Equal([9f, 8f, 7f, 6f], (10 - x).ToArray<float>());
        Assert.Equal([-2f, -4f, -6f, -8f], (-x * 2).ToArray<float>());
        Assert.Equal([0.5f, 1f, 1.5f, 2f], (x / 2).ToArray<float>());
        Assert.Equal([7f, 10f, 15f, 22f], x.Matmul(x).ToArray<float>()); // [1 2; 3 4]²
    }

    [Fact]
    public void Reductions_and_indexing_follow_their_definitions()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.From([1f, 5f, 2f, 4f, 3f, 6f], 2, 3);

        Assert.Equal([8f, 13f], x.Sum(1).ToArray<float>());
        Assert.Equal(3.5, x.Mean().Item());
        Assert.Equal([1L, 2L], x.ArgMax(1).ToArray<long>());
        // mean 8/3: (25+49+4)/9/2; mean 13/3: (1+16+25)/9/2
        Assert.Equal([13.0 / 3, 7.0 / 3], x.Variance(1).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([5f, 3f], x.Gather(1, Tensor.From([1L, 1L], 2, 1)).ToArray<float>());
        Assert.Equal([4f, 3f, 6f], x.Select(0, 1).ToArray<float>());
        Assert.Equal([2f, 6f], x.Narrow(1, 2, 1).ToArray<float>());
        Assert.Equal([4f, 3f, 6f, 1f, 5f, 2f], x.IndexSelect(0, Tensor.Of(1L, 0L)).ToArray<float>());
    }

    [Fact]
    public void A_span_is_the_memory_itself()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Zeros(DType.Float32, 3);
        x.AsSpan<float>()[1] = 7;

        Assert.Equal(7, x.Sum().Item());
        Assert.Equal("a span of Double needs Float64 elements, found Float32",
            Assert.Throws<InvalidOperationException>(() => x.AsSpan<double>()).Message);
    }

    [Fact]
    public void Brain_floats_round_to_nearest_even_as_libtorch_does()
    {
        using var scope = TensorScope.Open();
        float[] values = [1f, 1.00390625f, 1.01171875f, -3.14159f, 1e-40f, float.MaxValue,
            float.PositiveInfinity, float.NaN];

        var ours = values.Select(v => (float)(BFloat16)v);
        var theirs = Tensor.Of<float>(values).To(DType.BFloat16).ToArray<float>();

        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void A_scalar_round_trips()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Scalar(2.5f);
        Assert.Equal(0, x.Rank);
        Assert.Equal(2.5, x.Item());
    }
}
