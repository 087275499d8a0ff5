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
    public void Pieces_are_exchanged_where_that_makes_shares_more_equal()
    {
        // 8 → rank 0; 7 and 6 → rank 1; 5 and 4 → rank 0: 17 against 13. 8 against 7 makes that 16 and 14, 8 against 6
        // makes it 15 and 15
        int[][] expected = [[2, 3, 4], [0, 1]];

        Assert.Equal(expected, WorkShares.Balanced([8, 7, 6, 5, 4], 2));
    }

    [Fact]
    public void One_exchange_is_followed_by_others_as_long_as_they_help()
    {
        // 8 → rank 0; 8 → rank 1; 5 → rank 0; 5 → rank 1; 5 → rank 0; 1 → rank 1: 18 against 14. 8 against 5 makes that
        // 15 and 17, and then 1 that is given 16 and 16. On three ranks 5, 3, 3 | 5, 3 | 4, 4: 11, 8 and 8; 5 against 3
        // makes that 9, 10 and 8, and then 5 against 4 all 9.
        int[][] two = [[2, 3, 4, 5], [0, 1]];
        int[][] three = [[4, 5, 6], [0, 2], [1, 3]];

        Assert.Equal(two, WorkShares.Balanced([8, 8, 5, 5, 5, 1], 2));
        Assert.Equal(three, WorkShares.Balanced([5, 5, 4, 4, 3, 3, 3], 3));
    }

    [Fact]
    public void Nothing_is_exchanged_where_that_would_not_help()
    {
        // 6 → rank 0; 4 and 4 → rank 1; 3 → rank 0 (6 < 8): 9 against 8; nothing makes the larger one smaller. On three
        // ranks: 6 | 4 | 4, 3 → rank 1: 7; given to nobody
        int[][] two = [[0, 3], [1, 2]];
        int[][] three = [[0], [1, 3], [2]];

        Assert.Equal(two, WorkShares.Balanced([6, 4, 4, 3], 2));
        Assert.Equal(three, WorkShares.Balanced([6, 4, 4, 3], 3));
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
