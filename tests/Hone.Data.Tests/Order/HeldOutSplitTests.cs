namespace Hone.Data.Tests.Order;

public sealed class HeldOutSplitTests
{
    private static List<Row> Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new TextRow(new SourceLine("a", i + 1), $"row {i}"))];

    [Fact]
    public void The_share_is_held_out_and_nothing_is_lost()
    {
        var rows = Rows(100);
        var split = HeldOutSplit.Of(rows, 0.2, seed: 3);

        Assert.Equal(20, split.HeldOut.Count);
        Assert.Equal(rows.ToHashSet(), split.Training.Concat(split.HeldOut).ToHashSet());
        Assert.Equal(split.Training, split.Training.OrderBy(row => row.At.Line));
    }

    [Fact]
    public void The_same_rows_are_held_out_whatever_their_order()
    {
        var rows = Rows(50);
        var reversed = rows.AsEnumerable().Reverse().ToList();

        Assert.Equal(
            HeldOutSplit.Of(rows, 0.3, 1).HeldOut.ToHashSet(), HeldOutSplit.Of(reversed, 0.3, 1).HeldOut.ToHashSet());
        Assert.NotEqual(HeldOutSplit.Of(rows, 0.3, 1).HeldOut, HeldOutSplit.Of(rows, 0.3, 2).HeldOut);
    }

    [Fact]
    public void Equal_rows_stay_on_one_side()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            List<Row> rows = [.. Rows(10), .. Rows(10), .. Rows(10)];
            var split = HeldOutSplit.Of(rows, 0.25, seed);
            var trained = split.Training.Select(row => ((TextRow)row).Text).ToHashSet();

            Assert.DoesNotContain(split.HeldOut, row => trained.Contains(((TextRow)row).Text));
        }
    }

    [Fact]
    public void Rows_that_differ_only_in_a_column_are_different_rows()
    {
        var prompts = Scratch.Rows("p.jsonl", """
            {"prompt": "a", "answer": 1}
            {"prompt": "a", "answer": 2}
            {"answer": 1, "prompt": "a"}
            """);

        Assert.NotEqual(RowKey.Of(prompts[0]), RowKey.Of(prompts[1]));
        Assert.Equal(RowKey.Of(prompts[0]), RowKey.Of(prompts[2]));
    }

    [Theory]
    [InlineData(0.001, "held_out: a share of 0.001 of 10 rows must leave rows on both sides, got 0 held out")]
    [InlineData(0.999, "held_out: a share of 0.999 of 10 rows must leave rows on both sides, got 10 held out")]
    [InlineData(1, "held_out: must be more than 0 and less than 1, got 1")]
    [InlineData(double.NaN, "held_out: must be more than 0 and less than 1, got NaN")]
    public void A_split_with_an_empty_side_is_refused(double share, string message) =>
        Assert.Equal(message, Assert.Throws<DataException>(() => HeldOutSplit.Of(Rows(10), share, 0)).Message);
}
