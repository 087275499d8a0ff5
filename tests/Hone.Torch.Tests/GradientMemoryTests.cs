namespace Hone.Torch.Tests;

public sealed class GradientMemoryTests
{
    private const int Rows = 700, Columns = 640, Tokens = 9;

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    public void Products_are_those_of_the_plain_operator_to_the_bit(int passes, bool keep)
    {
        using var scope = TensorScope.Open();
        var (plain, weight) = (Leaf(Rows, Columns, 1), Leaf(Rows, Columns, 1));
        var (input, other) = (Leaf(Tokens, Columns, 2), Leaf(Tokens, Columns, 2));
        var seed = Numbers(Tokens, Rows, 3);
        var flat = Tensor.Full(float.NaN, DType.Float32, GradientMemory.CountOf([weight]));
        using var memory = keep ? new GradientMemory([weight], flat) : null;

        for (var pass = 0; pass < passes; pass++)
        {
            var (expected, product) = (input.Linear(plain), Fused.Linear(other, weight));
            expected.Backward(seed * (pass + 0.3));
            product.Backward(seed * (pass + 0.3));
            Assert.Equal(expected.ToArray<float>(), product.ToArray<float>());
        }

        Assert.Equal(input.Grad!.ToArray<float>(), other.Grad!.ToArray<float>());
        Assert.Equal(plain.Grad!.ToArray<float>(), weight.Grad!.ToArray<float>());
        if (keep)
        {
            Assert.Equal(plain.Grad.ToArray<float>(), flat.ToArray<float>()[..(Rows * Columns)]);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void A_product_added_some_rows_at_a_time_is_that_added_as_a_whole(DType type)
    {
        // 6000 rows of 640 numbers are more than the 8 MiB that are multiplied at once
        using var scope = TensorScope.Open();
        var (whole, weight, kept) = (Leaf(6000, Columns, 1), Leaf(6000, Columns, 1), Leaf(6000, Columns, 1));
        var (left, right) = (Numbers(6000, Tokens, 2).To(type), Numbers(Tokens, Columns, 3).To(type));
        using var memory = new GradientMemory(
            [kept], Tensor.Full(float.NaN, DType.Float32, GradientMemory.CountOf([kept])));

        for (var pass = 0; pass < 2; pass++)
        {
            Fused.AddGradient(whole, left.Matmul(right));
            Fused.AddProductGradient(weight, left, right);
            Fused.AddProductGradient(kept, left, right);
        }

        Assert.Equal(whole.Grad!.ToArray<float>(), weight.Grad!.ToArray<float>());
        Assert.Equal(whole.Grad!.ToArray<float>(), kept.Grad!.ToArray<float>());
    }

    [Fact]
    public void What_stands_there_from_before_is_overwritten_by_whatever_comes_first()
    {
        using var scope = TensorScope.Open();
        var (rows, copied, made) = (Leaf(3, 2, 1), Leaf(3, 2, 1), Leaf(3, 2, 1));
        Tensor[] leaves = [rows, copied, made, Leaf(1, 5, 1)];
        var flat = Tensor.Full(float.NaN, DType.Float32, GradientMemory.CountOf(leaves));
        using var memory = new GradientMemory(leaves, flat);

        Fused.Embedding(rows, Tensor.Of(2L, 0L, 2L), DType.Float32).Sum().Backward();
        Fused.ComputeCopy([copied], copied.Detach().To(DType.BFloat16)).Sum().Backward();
        (made * 2).Sum().Backward();
        Assert.Equal([1, 1, 1, 0], memory.Collect());

        // each begins at a line of 16 numbers
        float[] all = [1, 1, 0, 0, 2, 2, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0];
        Assert.Equal(all, leaves.SelectMany((leaf, i) => flat.ToArray<float>().Skip(16 * i).Take((int)leaf.Count)));
        Assert.Equal([1, 1, 0, 0, 2, 2], rows.Grad!.ToArray<float>());
    }

    [Fact]
    public void No_update_makes_a_tensor_of_a_gradients_size()
    {
        const long gradient = Rows * Columns * sizeof(float);
        using var scope = TensorScope.Open();
        var weight = Leaf(Rows, Columns, 1);
        using var memory = new GradientMemory(
            [weight], Tensor.Zeros(DType.Float32, GradientMemory.CountOf([weight])));
        var (input, seed) = (Numbers(Tokens, Columns, 2), Numbers(Tokens, Rows, 3));
        var taken = new long[3];
        for (var update = 0; update < taken.Length; update++)
        {
            weight.Grad = null;
            TensorMemory.ResetPeak();
            var before = TensorMemory.Live;
            using (TensorScope.Open())
            {
                Fused.Linear(input, weight).Backward(seed);
                memory.Collect();
            }

            taken[update] = TensorMemory.Peak - before;
        }

        Assert.All(taken, bytes => Assert.InRange(bytes, 0, gradient / 4));
    }

    private static Tensor Leaf(int rows, int columns, int seed)
    {
        var leaf = Numbers(rows, columns, seed).Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static Tensor Numbers(int rows, int columns, int seed) => Tensor.From(
        Enumerable.Range(0, rows * columns).Select(i => MathF.Sin((i * 0.37f) + seed)).ToArray(), rows, columns);
}
