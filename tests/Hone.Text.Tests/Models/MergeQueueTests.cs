using Hone.Text.Models;

namespace Hone.Text.Tests.Models;

public sealed class MergeQueueTests
{
    [Fact]
    public void Merges_come_out_by_rank_and_then_from_left_to_right_whatever_comes_in_between()
    {
        var queue = new MergeQueue();
        var waiting = new SortedSet<(int Rank, int Place)>();
        var random = new Random(2);
        for (var round = 0; round < 20_000; round++)
        {
            var merge = (random.Next(50), random.Next(1_000_000));
            if (random.Next(5) < 3 && waiting.Add(merge))
            {
                queue.Add(merge.Item1, merge.Item2);
            }
            else if (queue.TryTake(out var rank, out var place))
            {
                Assert.Equal(waiting.Min, (rank, place));
                waiting.Remove((rank, place));
            }
        }

        queue.Clear();
        Assert.False(queue.TryTake(out _, out _));
    }
}
