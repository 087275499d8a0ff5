using Hone.Training.Ranks;

namespace Hone.Training.Tests.Ranks;

public sealed class WorkSharesTests
{
    [Fact]
    public void The_costliest_goes_first_to_whom_has_least()
    {
        // 9 → rank 0; 7 → rank 1; 5 → rank 1 (7 < 9); 4 → rank 0 (9 < 12); 3 → rank 1 (12 < 13); 1 → rank 0 (13 < 15):
        // 9 + 4 + 1 = 14 against 7 + 5 + 3 = 15
        int[][] expected = [[1, 2, 4], [0, 3, 5]];

        Assert.Equal(expected, WorkShares.Balanced([5, 1, 4, 7, 9, 3], 2));
    }

    [Fact]
    public void Equal_costs_take_turns()
    {
        int[][] expected = [[0, 2, 4], [1, 3]];

        Assert.Equal(expected, WorkShares.Balanced([1, 1, 1, 1, 1], 2));
    }

    [Fact]
    public void One_rank_has_all()
    {
        int[][] expected = [[0, 1, 2]];

        Assert.Equal(expected, WorkShares.Balanced([3, 1, 2], 1));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(7, 2)]
    [InlineData(64, 5)]
    public void Every_piece_is_in_one_share(int count, int ranks)
    {
        long[] costs = [.. Enumerable.Range(0, count).Select(i => (long)(i * 37 % 61))];
        var all = Enumerable.Range(0, count);

        Assert.Equal(all, WorkShares.Balanced(costs, ranks).SelectMany(share => share).Order());
        Assert.Equal(all, WorkShares.Contiguous(count, ranks).SelectMany(share => share));
        Assert.Equal(ranks, WorkShares.Balanced(costs, ranks).Length);
        Assert.All(
            WorkShares.Contiguous(count, ranks),
            share => Assert.InRange(share.Length, count / ranks, (count / ranks) + 1));
    }
}
