using Hone.Text.Models;

namespace Hone.Text.Tests.Models;

public sealed class MergeTableTests
{
    // 2,048 merges have 512 lines of eight places, so that some lines overflow: of as many random ones that is seen.
    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    [InlineData(2_048)]
    public void Every_merge_is_found_with_its_rank_and_result_and_no_other_pair(int count)
    {
        const int Limit = 200_000;
        var random = new Random(count);
        var pairs = Enumerable.Range(0, 5_000)
            .Select(_ => (Left: random.Next(Limit), Right: random.Next(Limit))).Distinct().ToList();
        var table = new MergeTable(
            [.. pairs.Take(count).Select((pair, rank) => new Merge(pair.Left, pair.Right, 100 + rank, rank))], Limit);
        for (var index = 0; index < pairs.Count; index++)
        {
            var merge = table.Find(pairs[index].Left, pairs[index].Right);
            Assert.Equal(index >= count, merge == MergeTable.None);
            Assert.Equal(index < count ? index : MergeTable.NoRank, table.RankOf(pairs[index].Left, pairs[index].Right));
            if (index < count)
            {
                Assert.Equal((index, 100 + index), (table.RankAt(merge), table.ResultAt(merge)));
            }
        }
    }

    [Fact]
    public void Of_two_merges_of_a_pair_the_later_one_counts()
    {
        var table = new MergeTable([new Merge(0, 1, 2, 0), new Merge(0, 1, 3, 1)], 4);

        Assert.Equal((1, 3), (table.RankAt(table.Find(0, 1)), table.ResultAt(table.Find(0, 1))));
    }

    [Fact]
    public void Merges_of_one_rank_have_a_result_each()
    {
        var table = new MergeTable([new Merge(0, 1, 2, 5), new Merge(1, 0, 3, 5), new Merge(1, 1, 4, 6)], 5);

        Assert.Equal(
            [2, 3, 4], [table.ResultOf(0, 1, 5), table.ResultOf(1, 0, 5), table.ResultAt(table.Find(1, 1))]);
        Assert.Equal(table.RankAt(table.Find(0, 1)), table.RankAt(table.Find(1, 0)));
    }

    [Fact]
    public void Of_ranks_that_are_large_the_order_counts()
    {
        var table = new MergeTable([new Merge(0, 1, 2, int.MaxValue - 1), new Merge(1, 0, 3, -5)], 4);

        Assert.Equal((1, 0), (table.RankAt(table.Find(0, 1)), table.RankAt(table.Find(1, 0))));
    }

    [Fact]
    public void Ids_for_which_there_is_no_room_are_refused()
    {
        var fault = Assert.Throws<TokenizerException>(() => new MergeTable([new Merge(0, 1, 2, 0)], 3_000_000));

        Assert.Equal(
            "model: must have fewer than 4194304 merges, and symbols below 2097151, but it has 1, and symbols up to "
            + "2999999",
            fault.Message);
    }
}
