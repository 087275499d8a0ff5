using Hone.Torch;

namespace Hone.Algorithms.Tests.Policy;

public sealed class EntropyTests
{
    [Fact]
    public void The_top_share_of_tokens_by_entropy_is_kept()
    {
        // sorted 1 2 3 4: the 0.6-quantile lies at 0.6·3 = 1.8: 2 + 0.8·(3 − 2) = 2.8, so the top 40 % are 3 and 4
        using var scope = TensorScope.Open();
        double[] entropies = [4, 1, 3, 2];

        var threshold = HighEntropyTokens.Threshold(entropies, 0.4);

        Assert.Equal(2.8, threshold, AbsoluteTolerance.Of(1e-12));
        var kept = HighEntropyTokens.Select(Tensor.Of<double>(entropies), threshold);
        Assert.Equal([1.0, 0, 1, 0], kept.ToArray<double>());
    }

    [Fact]
    public void A_share_of_1_keeps_all() =>
        Assert.Equal(double.NegativeInfinity, HighEntropyTokens.Threshold([1, 2], 1));

    [Fact]
    public void The_bonus_is_the_negative_entropy_of_kept_tokens()
    {
        using var scope = TensorScope.Open();
        var tokens = PolicyLossesTests.Tokens([1, 1]);
        var first = tokens with { Kept = Tensor.Of(1.0, 0.0) };

        Assert.Equal(
            [-0.2, -0.4],
            EntropyBonus.Compute(Tensor.Of(2.0, 4.0), tokens, 0.1).ToArray<double>(),
            AbsoluteTolerance.Of(1e-12));
        Assert.Equal(
            [-0.2, 0],
            EntropyBonus.Compute(Tensor.Of(2.0, 4.0), first, 0.1).ToArray<double>(),
            AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void An_adaptive_bonus_acts_after_a_step_below_the_target()
    {
        var first = new AdaptiveEntropy(0.01, Target: 0.2) { Change = 0.005 };
        var certain = first.After(0.1);
        var uncertain = certain.After(0.3);

        Assert.Equal(0, first.Active);
        Assert.Equal(0.015, certain.Active, AbsoluteTolerance.Of(1e-12));
        Assert.Equal(0, uncertain.Active);
        Assert.Equal(0.010, uncertain.Coefficient, AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void An_adaptive_bonus_stays_in_its_range()
    {
        var state = new AdaptiveEntropy(0.0, Target: 0.2) { Largest = 0.001 };

        Assert.Equal(0, state.After(1).Coefficient);
        Assert.Equal(0.001, state.After(0).Coefficient);
    }
}
