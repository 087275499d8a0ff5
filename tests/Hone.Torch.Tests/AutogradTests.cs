namespace Hone.Torch.Tests;

public sealed class AutogradTests
{
    [Fact]
    public void Backward_accumulates_into_the_leaves()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Of(1f, 2f, 3f);
        x.RequiresGrad = true;

        (x * x).Sum().Backward(); // d/dx Σx² = 2x
        (x * 10).Sum().Backward(); // + 10

        Assert.Equal([12f, 14f, 16f], x.Grad!.ToArray<float>());
        x.Grad = null;
        Assert.Null(x.Grad);
    }

    [Fact]
    public void A_seed_weighs_the_elements_of_a_root()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Of(1f, 2f);
        x.RequiresGrad = true;

        (x * x).Backward(Tensor.Of(1f, 0.5f));

        Assert.Equal([2f, 2f], x.Grad!.ToArray<float>()); // 2·1·1, 2·2·½
    }

    [Fact]
    public void Nothing_is_recorded_under_NoGrad()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Of(1f);
        x.RequiresGrad = true;
        using (Autograd.NoGrad())
        {
            Assert.False(Autograd.IsRecording);
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True(Autograd.IsRecording);
        Assert.True((x * 2).RequiresGrad);
        Assert.False((x * 2).Detach().RequiresGrad);
    }

    [Fact]
    public void Gradients_of_gradients_exist_and_leave_the_leaves_alone()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Of(2f);
        var unused = Tensor.Of(1f);
        x.RequiresGrad = true;
        unused.RequiresGrad = true;

        var first = Autograd.Gradients([x.Pow(3).Sum()], [x, unused], createGraph: true);
        var second = Autograd.Gradients([first[0]!.Sum()], [x]);

        Assert.Equal(12, first[0]!.Item()); // 3x²
        Assert.Equal(12, second[0]!.Item()); // 6x
        Assert.Null(first[1]);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Nothing_leaks()
    {
        var before = TorchRuntime.LiveTensors;
        using (var scope = TensorScope.Open())
        {
            var x = Tensor.Of(1f, 2f);
            x.RequiresGrad = true;
            x.Softmax(0).Log().Sum().Backward();
            _ = x.Grad;
        }

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }
}
