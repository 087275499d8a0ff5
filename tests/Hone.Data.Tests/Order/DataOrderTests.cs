namespace Hone.Data.Tests.Order;

public sealed class DataOrderTests
{
    [Fact]
    public void An_epoch_shows_each_row_once_and_the_next_in_another_order()
    {
        var order = new DataOrder(rows: 20, seed: 5);
        var first = order.Take(default, 20).Select(row => row.Index).ToList();
        var second = order.Take(new DataCursor(1, 0), 20).Select(row => row.Index).ToList();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), first.Order());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), second.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Without_shuffling_rows_come_as_in_the_file()
    {
        var order = new DataOrder(rows: 3, seed: 5, shuffle: false);

        Assert.Equal([0, 1, 2, 0, 1, 2, 0], order.Take(default, 7).Select(row => row.Index));
    }

    [Fact]
    public void A_resumed_run_sees_what_the_undisturbed_one_saw()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var chance = new Random((int)seed);
            SourceShare[] sources = [.. Enumerable.Range(
                0, chance.Next(1, 4)).Select(_ => new SourceShare(chance.Next(1, 30), chance.NextDouble() + 0.1))];
            var whole = new DataOrder(sources, seed).Take(default, 200).ToList();

            var killed = chance.Next(0, 150);
            var cursor = new DataOrder(sources, seed).Advance(default, killed);
            var resumed = new DataOrder(sources, seed).Take(cursor, 200 - killed);

            Assert.Equal(whole.Skip(killed), resumed);
        }
    }

    [Fact]
    public void Advancing_in_parts_is_advancing_at_once()
    {
        var order = new DataOrder(rows: 7, seed: 1);
        var cursor = default(DataCursor);
        foreach (var step in (int[])[3, 0, 5, 14, 1])
        {
            cursor = order.Advance(cursor, step);
        }

        // 3 + 0 + 5 + 14 + 1 = 23 = 3·7 + 2
        Assert.Equal(new DataCursor(3, 2), cursor);
        Assert.Equal(cursor, order.Advance(default, 23));
    }

    [Fact]
    public void Weights_settle_each_sources_share_of_an_epoch_exactly()
    {
        // 10 + 30 rows, weights 3 to 1: 40·3/4 = 30 items of the first, 10 of the second
        var order = new DataOrder([new SourceShare(10, 3), new SourceShare(30, 1)], seed: 9);
        var items = order.Take(default, 40).ToList();

        Assert.Equal(30, order.ShareOf(0));
        Assert.Equal(30, items.Count(item => item.Source == 0));
        Assert.Equal(10, items.Where(item => item.Source == 1).Select(item => item.Index).Distinct().Count());
        // the first source makes exactly three passes
        Assert.All(
            items.Where(item => item.Source == 0).CountBy(item => item.Index), pair => Assert.Equal(3, pair.Value));
    }

    [Fact]
    public void A_source_shows_all_its_rows_before_it_repeats_one()
    {
        // 30 rows at a quarter of 40 items an epoch: three epochs are one pass
        var order = new DataOrder([new SourceShare(10, 3), new SourceShare(30, 1)], seed: 9);
        var shown = order.Take(default, 120).Where(item => item.Source == 1).Select(item => item.Index).ToList();

        Assert.Equal(30, shown.Count);
        Assert.Equal(30, shown.Distinct().Count());
    }

    [Fact]
    public void Leftovers_go_to_the_largest_remainders()
    {
        // 10 items by 1 : 1 : 1 → 3.33 each; the one left over goes to the first of equals
        var order = new DataOrder([new SourceShare(4, 1), new SourceShare(3, 1), new SourceShare(3, 1)], seed: 1);

        Assert.Equal([4L, 3L, 3L], [order.ShareOf(0), order.ShareOf(1), order.ShareOf(2)]);
    }

    [Fact]
    public void A_share_that_rounds_to_nothing_is_never_drawn()
    {
        var order = new DataOrder([new SourceShare(2, 1), new SourceShare(1, 1e-9), new SourceShare(2, 1)], seed: 1);

        Assert.Equal(0, order.ShareOf(1));
        Assert.DoesNotContain(order.Take(default, 50), item => item.Source == 1);
    }

    [Fact]
    public void Each_step_goes_on_where_the_one_before_ended()
    {
        var order = new DataOrder(5, seed: 1, shuffle: false);

        Assert.Equal([0, 1, 2], order.RowsOfStep(1, 3));
        Assert.Equal([3, 4, 0], order.RowsOfStep(2, 3));
        Assert.Equal([1, 2, 3], order.RowsOfStep(3, 3));
    }

    [Fact]
    public void The_steps_of_an_epoch_have_every_row_once()
    {
        var order = new DataOrder(7, seed: 1, shuffle: true);

        var epochs = Enumerable.Range(1, 7).SelectMany(step => order.RowsOfStep(step, 3)).Chunk(7).ToArray();

        Assert.All(epochs, epoch => Assert.Equal([0, 1, 2, 3, 4, 5, 6], epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
    }

    [Fact]
    public void Empty_sources_and_weights_that_are_none_are_refused()
    {
        Assert.Equal("data[1]: a source must have at least one row, got 0", Assert.Throws<DataException>(
            () => new DataOrder([new SourceShare(1, 1), new SourceShare(0, 1)], 0)).Message);
        Assert.Equal("data[0].weight: must be more than 0, got 0", Assert.Throws<DataException>(
            () => new DataOrder([new SourceShare(1, 0)], 0)).Message);
        Assert.Equal("data[0].weight: must be more than 0, got NaN", Assert.Throws<DataException>(
            () => new DataOrder([new SourceShare(1, double.NaN)], 0)).Message);
    }
}
