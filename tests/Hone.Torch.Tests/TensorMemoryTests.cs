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

    [Fact]
    public void Large_tensors_that_come_and_go_in_any_order_keep_their_numbers()
    {
        using var scope = TensorScope.Open();
        var random = new System.Random(1);
        var kept = new List<(Tensor Tensor, float Value)>();
        for (var i = 0; i < 400; i++)
        {
            if (kept.Count > 0 && random.Next(5) < 2)
            {
                var place = random.Next(kept.Count);
                RequireFilled(kept[place]);
                kept[place].Tensor.Dispose();
                kept.RemoveAt(place);
            }
            else
            {
                kept.Add((Tensor.Full(i, DType.Float32, random.Next(1, 1 << 18)), i)); // 4 bytes to 1 MiB
            }

            if (i == 200)
            {
                TensorMemory.Trim();
            }
        }

        kept.ForEach(RequireFilled);
    }

    private static void RequireFilled((Tensor Tensor, float Value) entry) =>
        Assert.Equal(-1, entry.Tensor.AsSpan<float>().IndexOfAnyExcept(entry.Value));
}
