using static Hone.Torch.Tests.Groups.RankGradients;

namespace Hone.Torch.Tests.Groups;

public sealed class SharedGradientSumTests
{
    [Fact]
    public void Gradients_are_summed_over_micro_batches_and_ranks()
    {
        var found = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var (a, b) = (Leaf(1, 2, 3, 4, 5, 6, 7), Leaf(1, -2));
            using var sum = SharedGradientSum.Join(group, [a, b])!;
            List<string> updates = [];
            for (var update = 0; update < 2; update++)
            {
                (a.Grad, b.Grad) = (null, null);
                for (var m = 0; m < 2 - group.Rank; m++)
                {
                    Loss(a, b, group.Rank, m).Backward();
                }

                sum.Finish();
                updates.Add(Text(a, b));
            }

            return updates;
        });

        // Twice, since the memory stays.
        Assert.All(found, updates => Assert.Equal([Sums, Sums], updates));
    }

    [Fact]
    public void A_gradient_that_one_rank_lacks_is_that_of_the_others_and_one_that_all_lack_is_absent()
    {
        var found = RankThreads.Run(3, group =>
        {
            using var scope = TensorScope.Open();
            var (always, once, never) = (Leaf(1), Leaf(2, 3), Leaf(4));
            using var sum = SharedGradientSum.Join(group, [always, once, never])!;
            List<string> updates = [];
            for (var update = 0; update < 3; update++)
            {
                (always.Grad, once.Grad, never.Grad) = (null, null, null);
                if (group.Rank != update)
                {
                    always.Sum().Backward();
                }
                else
                {
                    (always.Sum() + (once.Sum() * (3 + update))).Backward();
                }

                sum.Finish();
                updates.Add(Text(always, once, never));
            }

            return updates;
        });

        Assert.All(found, updates => Assert.Equal(["3 3,3 -", "3 4,4 -", "3 5,5 -"], updates));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Numbers_are_added_in_the_order_of_ranks(int ranks)
    {
        const int count = 5000;
        var found = RankThreads.Run(ranks, group =>
        {
            using var scope = TensorScope.Open();
            var weight = Leaf([.. Of(group.Rank)]);
            using var sum = SharedGradientSum.Join(group, [weight])!;
            ((weight * weight).Sum() / 2).Backward();
            sum.Finish();
            return weight.Grad!.ToArray<float>();
        });

        float[] expected = [.. Enumerable.Range(0, ranks).Select(Of).Aggregate(
            (sum, rank) => sum.Zip(rank, (one, other) => one + other))];
        Assert.All(found, gradient => Assert.Equal(expected, gradient));

        static IEnumerable<float> Of(int rank) =>
            Enumerable.Range(0, count).Select(i => MathF.Sin(i + (rank * 0.7f)) / 3);
    }

    [Fact]
    public void Weights_that_are_not_float32_are_left_to_those_who_send()
    {
        var found = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var weight = Leaf(1, 2).Detach().To(group.Rank == 0 ? DType.Float64 : DType.Float32).Detach();
            weight.RequiresGrad = true;
            return SharedGradientSum.Join(group, [weight]) is null;
        });

        Assert.Equal([true, true], found);
    }

    [Fact]
    public void A_leaf_is_as_before_when_the_memory_is_gone()
    {
        var found = RankThreads.Run(2, group =>
        {
            using var scope = TensorScope.Open();
            var weight = Leaf(1, 2);
            using (var sum = SharedGradientSum.Join(group, [weight])!)
            {
                weight.Sum().Backward();
                sum.Finish();
            }

            var before = weight.Grad;
            weight.Sum().Backward();
            return (before is null, weight.Grad!.ToArray<float>()[0]);
        });

        Assert.All(found, one => Assert.Equal((true, 1f), one));
    }
}
