using static Hone.Torch.Tests.Groups.RankGradients;

namespace Hone.Torch.Tests.Groups;

public sealed class GradientReducerTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(GradientReducer.BucketBytes)]
    public void Gradients_are_summed_over_micro_batches_and_ranks(long bucketBytes)
    {
        var found = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var (a, b) = (Leaf(1, 2, 3, 4, 5, 6, 7), Leaf(1, -2));
            using var reducer = new GradientReducer(group, [a, b], bucketBytes);
            var microBatches = 2 - group.Rank;
            for (var m = 0; m < microBatches; m++)
            {
                var loss = Loss(a, b, group.Rank, m);
                if (m == microBatches - 1)
                {
                    reducer.Arm(loss);
                }

                loss.Backward();
            }

            reducer.Finish();
            return Text(a, b);
        });

        Assert.All(found, gradients => Assert.Equal(Sums, gradients));
    }

    [Fact]
    public void A_gradient_that_one_rank_lacks_is_that_of_the_others_and_one_that_all_lack_is_absent()
    {
        var found = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var (always, once, never) = (Leaf(1), Leaf(2, 3), Leaf(4));
            using var reducer = new GradientReducer(group, [always, once, never]);
            List<string> updates = [];
            for (var update = 0; update < 2; update++)
            {
                (always.Grad, once.Grad, never.Grad) = (null, null, null);
                var loss = group.Rank == update ? always.Sum() + (once.Sum() * 3) : always.Sum();
                reducer.Arm(loss);
                loss.Backward();
                reducer.Finish();
                updates.Add(Text(always, once, never));
            }

            return updates;
        });

        Assert.All(found, updates => Assert.Equal(["2 3,3 -", "2 3,3 -"], updates));
    }

    [Fact]
    public void A_rank_without_any_micro_batch_takes_part()
    {
        var found = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var weight = Leaf(1, 2);
            using var reducer = new GradientReducer(group, [weight]);
            if (group.Rank == 0)
            {
                var loss = (weight * weight).Sum();
                reducer.Arm(loss);
                loss.Backward();
            }

            reducer.Finish();
            return weight.Grad!.ToArray<float>();
        });

        Assert.All(found, gradient => Assert.Equal([2, 4], gradient));
    }

    [Fact]
    public void Buckets_are_sent_while_the_backward_pass_goes_on()
    {
        var sent = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var (first, last) = (Leaf(1, 2), Leaf(3, 4));
            using var reducer = new GradientReducer(group, [first, last], bucketBytes: 8);
            var (early, late) = (last.Sum(), first.Sum());
            reducer.Arm(early + late);
            var before = reducer.Sent;

            // two passes that reach one weight each stand for two moments of one that reaches both
            early.Backward();
            var during = reducer.Sent;
            late.Backward();
            var after = reducer.Sent;
            reducer.Finish();
            return (before, during, after);
        });

        Assert.All(sent, counts => Assert.Equal((0, 1, 2), counts));
    }

    [Fact]
    public void What_the_last_pass_does_not_reach_is_sent_before_it()
    {
        var sent = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var (first, last) = (Leaf(1, 2), Leaf(3, 4));
            using var reducer = new GradientReducer(group, [first, last], bucketBytes: 8);
            (last.Sum() * 2).Backward();
            var loss = first.Sum();
            reducer.Arm(loss);
            var before = reducer.Sent;
            loss.Backward();
            reducer.Finish();
            return (before, last.Grad!.ToArray<float>()[0]);
        });

        Assert.All(sent, found => Assert.Equal((1, 4f), found));
    }

    [Fact]
    public void Nothing_is_sent_before_the_last_backward_pass()
    {
        var sent = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var weight = Leaf(1, 2);
            using var reducer = new GradientReducer(group, [weight]);
            weight.Sum().Backward();
            var before = reducer.Sent;
            var loss = weight.Sum();
            reducer.Arm(loss);
            loss.Backward();
            var after = reducer.Sent;
            reducer.Finish();
            return (before, after, weight.Grad!.ToArray<float>()[0]);
        });

        Assert.All(sent, found => Assert.Equal((0, 1, 4f), found));
    }

    [Fact]
    public void Sums_are_the_same_to_the_bit_each_time()
    {
        var first = Gradients();

        Assert.Equal(first, Gradients());

        static float[] Gradients() => RankThreads.Run(3, group =>
        {
            using var scope = TensorScope.Open();
            var weight = Leaf([.. Enumerable.Range(0, 5000).Select(i => MathF.Sin(i + (group.Rank * 0.7f)))]);
            using var reducer = new GradientReducer(group, [weight], bucketBytes: 4096);
            var loss = (weight * weight).Sum() / 3;
            reducer.Arm(loss);
            loss.Backward();
            reducer.Finish();
            return weight.Grad!.ToArray<float>();
        })[0];
    }
}
