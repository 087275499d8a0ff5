namespace Hone.Torch.Tests;

public sealed class TensorMemoryTests
{
    private const long Slack = 1 << 16; // what allocation rounds up to, and what else the process does

    [Fact]
    public void Bytes_in_use_and_their_peak_are_counted()
    {
        TensorMemory.ResetPeak();
        var before = TensorMemory.Live;
        using (TensorScope.Open())
        {
            Tensor.Zeros(DType.Float32, 1 << 20).Dispose(); // 4 MiB
            var kept = Tensor.Zeros(DType.Float32, 1 << 19); // 2 MiB
            Assert.InRange(TensorMemory.Live - before, kept.Count * 4, kept.Count * 4 + Slack);
        }

        Assert.InRange(TensorMemory.Live - before, -Slack, Slack);
        Assert.InRange(TensorMemory.Peak - before, 4 << 20, (4 << 20) + Slack);
        TensorMemory.ResetPeak();
        Assert.InRange(TensorMemory.Peak - before, -Slack, Slack);
    }
}
