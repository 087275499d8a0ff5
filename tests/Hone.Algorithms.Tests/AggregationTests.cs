using Hone.Torch;

namespace Hone.Algorithms.Tests;

public sealed class AggregationTests
{
    public static TheoryData<Aggregation> All =>
    [
        new Aggregation.TokenMean(),
        new Aggregation.SequenceMean(),
        new Aggregation.SequenceSum(),
        new Aggregation.PerSequenceConstant(7),
    ];

    [Fact]
    public void Each_rule_divides_in_its_own_way()
    {
        // sequences (1 2 3) and (10): Σ = 16, means 2 and 10, sums 6 and 10
        using var scope = TensorScope.Open();
        var sequences = Sequences.OfLengths(3, 1);
        var terms = Tensor.Of(1.0, 2.0, 3.0, 10.0);
        double Loss(Aggregation rule) => rule.Reduce(terms, sequences, GlobalCounts.Of(sequences)).Item();

        Assert.Equal(4, Loss(new Aggregation.TokenMean()), AbsoluteTolerance.Of(1e-12));              // 16/4
        Assert.Equal(6, Loss(new Aggregation.SequenceMean()), AbsoluteTolerance.Of(1e-12));           // (2 + 10)/2
        Assert.Equal(8, Loss(new Aggregation.SequenceSum()), AbsoluteTolerance.Of(1e-12));            // (6 + 10)/2
        Assert.Equal(1.6, Loss(new Aggregation.PerSequenceConstant(5)), AbsoluteTolerance.Of(1e-12)); // 16/(2·5)
    }

    [Fact]
    public void A_mean_over_pairs_counts_every_pair_of_the_step_the_same()
    {
        // four pairs in the step, two of them here with terms 3 and 5: (3 + 5)/4
        using var scope = TensorScope.Open();
        var here = Sequences.OfLengths(2, 1, 1, 4);

        var loss =
            new Aggregation.PairMean().Reduce(Tensor.Of(3.0, 5.0), here, new GlobalCounts(Tokens: 20, Sequences: 8));

        Assert.Equal(2, loss.Item(), AbsoluteTolerance.Of(1e-12));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Micro_batches_add_up_to_the_step_however_it_is_cut(Aggregation rule)
    {
        using var scope = TensorScope.Open();
        double[] values = [0.3, -1.25, 2, 0.5, 4, -3, 0.75];
        int[] lengths = [3, 1, 0, 2, 1];
        var whole = Sequences.OfLengths(lengths);
        var expected = rule.Reduce(Tensor.Of<double>(values), whole, GlobalCounts.Of(whole)).Item();

        for (var cut = 0; cut <= lengths.Length; cut++)
        {
            var tokens = lengths.Take(cut).Sum();
            var first = Sequences.OfLengths(lengths.AsSpan(0, cut));
            var second = Sequences.OfLengths(lengths.AsSpan(cut));
            var counts = GlobalCounts.Of(first) + GlobalCounts.Of(second);
            var sum = rule.Reduce(Tensor.Of<double>(values.AsSpan(0, tokens)), first, counts).Item()
                + rule.Reduce(Tensor.Of<double>(values.AsSpan(tokens)), second, counts).Item();
            Assert.Equal(expected, sum, AbsoluteTolerance.Of(1e-12));
        }
    }

    [Fact]
    public void A_step_without_tokens_has_loss_0()
    {
        using var scope = TensorScope.Open();
        var empty = Sequences.OfLengths(0, 0);

        var loss = new Aggregation.TokenMean().Reduce(Tensor.Zeros(DType.Float32, 0), empty, GlobalCounts.Of(empty));

        Assert.Equal(0, loss.Item());
    }
}
