namespace Hone.Torch.Tests;

public sealed class TensorScopeTests
{
    [Fact]
    public void A_scope_frees_what_was_not_kept()
    {
        var before = TorchRuntime.LiveTensors;
        using (var outer = TensorScope.Open())
        {
            var sum = SumOfSquares([1f, 2f, 3f]);

            Assert.Equal(14, sum.Item()); // 1 + 4 + 9
            Assert.Equal(before + 1, TorchRuntime.LiveTensors);
        }

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    [Fact]
    public void Keep_hands_a_tensor_to_the_enclosing_scope_and_no_further()
    {
        var before = TorchRuntime.LiveTensors;
        Tensor kept;
        using (var outer = TensorScope.Open())
        {
            using (var inner = TensorScope.Open())
            {
                var dropped = Tensor.Of(1f);
                kept = inner.Keep(Tensor.Of(2f));
                _ = Tensor.Of(3f);
                Assert.False(dropped.IsDisposed);
            }

            Assert.Equal(2, kept.Item());
            Assert.Equal(before + 1, TorchRuntime.LiveTensors);
        }

        Assert.True(kept.IsDisposed);
        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    [Fact]
    public void Keep_of_the_outermost_scope_leaves_the_tensor_to_the_caller()
    {
        Tensor kept;
        using (var scope = TensorScope.Open())
        {
            kept = scope.Keep(Tensor.Of(5f));
        }

        Assert.Equal(5, kept.Item());
        kept.Dispose();
        Assert.True(kept.IsDisposed);
    }

    [Fact]
    public void Detach_takes_a_tensor_out_of_every_scope()
    {
        var before = TorchRuntime.LiveTensors;
        Tensor detached;
        using (var outer = TensorScope.Open())
        {
            var first = Tensor.Of(1f);
            detached = Tensor.Of(2f);
            using (var inner = TensorScope.Open())
            {
                _ = Tensor.Of(3f);
                TensorScope.Detach(detached);
                _ = Tensor.Of(4f);
            }

            Assert.Equal(1, first.Item());
        }

        Assert.Equal(2, detached.Item());
        Assert.Equal(before + 1, TorchRuntime.LiveTensors);
        detached.Dispose();
    }

    [Fact]
    public void A_tensor_used_after_its_scope_is_a_bug_that_says_so()
    {
        Tensor tensor;
        using (var scope = TensorScope.Open())
        {
            tensor = Tensor.Of(1f);
        }

        Assert.Throws<ObjectDisposedException>(() => tensor.Item());
    }

    [Fact]
    public void Without_a_scope_the_caller_disposes()
    {
        var before = TorchRuntime.LiveTensors;
        var tensor = Tensor.Of(1f);
        Assert.Equal(before + 1, TorchRuntime.LiveTensors);
        tensor.Dispose();
        tensor.Dispose();
        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    private static Tensor SumOfSquares(ReadOnlySpan<float> values)
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Of(values);
        return scope.Keep((x * x).Sum());
    }
}
