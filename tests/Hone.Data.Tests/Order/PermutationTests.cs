namespace Hone.Data.Tests.Order;

public sealed class PermutationTests
{
    [Fact]
    public void Every_index_occurs_exactly_once()
    {
        foreach (var count in (long[])[1, 2, 3, 4, 5, 7, 8, 9, 10, 16, 17, 99, 100, 101, 1000, 4096, 12345])
        {
            for (var epoch = 0; epoch < 3; epoch++)
            {
                var permutation = new Permutation(seed: 7, epoch, count);
                var seen = new HashSet<long>();
                for (var i = 0L; i < count; i++)
                {
                    Assert.InRange(permutation[i], 0, count - 1);
                    Assert.True(seen.Add(permutation[i]), $"{permutation[i]} of {count} came twice");
                }
            }
        }
    }

    [Fact]
    public void Another_seed_or_epoch_is_another_order_and_the_same_is_the_same()
    {
        long[] Order(ulong seed, long epoch) =>
            [.. Enumerable.Range(0, 50).Select(i => new Permutation(seed, epoch, 50)[i])];

        Assert.Equal(Order(1, 0), Order(1, 0));
        Assert.NotEqual(Order(1, 0), Order(2, 0));
        Assert.NotEqual(Order(1, 0), Order(1, 1));
        Assert.NotEqual(Order(1, 2), Order(2, 1));
    }

    [Fact]
    public void The_order_is_written_down_so_that_no_release_changes_it_unnoticed()
    {
        // The first run of this code. A change here breaks resuming runs of the release before.
        var permutation = new Permutation(seed: 1, epoch: 0, count: 10);

        Assert.Equal("5 7 4 8 3 9 2 1 0 6", string.Join(' ', Enumerable.Range(0, 10).Select(i => permutation[i])));
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(4, 24)]
    [InlineData(5, 120)]
    public void Every_order_of_a_few_is_about_equally_likely(int count, int orders)
    {
        var times = new Dictionary<string, int>();
        var trials = orders * 500;
        for (var seed = 0; seed < trials; seed++)
        {
            var permutation = new Permutation((ulong)seed, epoch: seed % 3, count);
            var order = string.Join(' ', Enumerable.Range(0, count).Select(i => permutation[i]));
            times[order] = times.GetValueOrDefault(order) + 1;
        }

        // χ² of equal chances has mean (orders − 1) and deviation √(2·(orders − 1)); five deviations are a chance of
        // 1e-5.
        var statistic = times.Values.Sum(n => (n - 500.0) * (n - 500.0) / 500) + ((orders - times.Count) * 500.0);
        Assert.InRange(statistic, 0, orders - 1 + (5 * Math.Sqrt(2 * (orders - 1))));
    }

    [Fact]
    public void Neighbours_do_not_stay_neighbours()
    {
        // In a random order of n the chance that the next index follows its predecessor is 1/n: about one pair in all.
        var permutation = new Permutation(seed: 3, epoch: 0, count: 10_000);
        var kept = Enumerable.Range(0, 9_999).Count(i => permutation[i + 1] == permutation[i] + 1);

        Assert.InRange(kept, 0, 8);
    }

    [Fact]
    public void Billions_of_rows_cost_no_memory()
    {
        var permutation = new Permutation(seed: 3, epoch: 0, count: 5_000_000_000);

        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(i => permutation[4_999_999_000 + i]).Distinct().Count());
    }
}
