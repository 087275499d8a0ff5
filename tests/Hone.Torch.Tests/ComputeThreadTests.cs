namespace Hone.Torch.Tests;

public sealed class ComputeThreadTests
{
    [Fact]
    public void Work_runs_on_one_thread_and_its_failure_is_thrown_to_the_caller()
    {
        using var compute = new ComputeThread();

        var first = compute.Run(() => Environment.CurrentManagedThreadId);
        var second = compute.Run(() => compute.Run(() => Environment.CurrentManagedThreadId));

        Assert.Equal(first, second);
        Assert.NotEqual(Environment.CurrentManagedThreadId, first);
        Assert.Equal(
            "no", Assert.Throws<TorchException>(() => compute.Run<int>(() => throw new TorchException("no"))).Message);
    }

    [Fact]
    public void Threads_are_those_asked_for_and_denormals_are_zero()
    {
        using var compute = new ComputeThread();

        var (threads, product) = compute.Run(() =>
        {
            ComputeThread.Configure(2);
            using var scope = TensorScope.Open();
            return (TorchRuntime.Load().Threads, (Tensor.Of(1e-30f) * Tensor.Of(1e-10f)).Item());
        });

        Assert.Equal(2, threads);
        Assert.Equal(0, product); // 1e-40 is a denormal
    }
}
