using Hone.Torch;

namespace Hone.Algorithms.Tests.Policy;

public sealed class ClippedPolicyLossTests
{
    [Fact]
    public void The_term_is_the_clipped_objective_of_each_token()
    {
        // ratios 2.0 0.5 2.0 0.5 with advantages 1 1 -1 -1, clipped to [0.8, 1.2]
        // -min(2.0, 1.2) = -1.2   -min(0.5, 0.8) = -0.5   -min(-2.0, -1.2) = 2.0   -min(-0.5, -0.8) = 0.8
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(MathF.Log(2), MathF.Log(0.5f), MathF.Log(2), MathF.Log(0.5f));
        var tokens = Tokens([1, 1, -1, -1]);

        var terms = new ClippedPolicyLoss(new ClipRange(0.2, 0.2)).Compute(logProbs, tokens);

        Assert.Equal([-1.2f, -0.5f, 2.0f, 0.8f], terms.Loss.ToArray<float>(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void The_range_may_be_wider_upwards()
    {
        // ratio 1.25 with advantage 1: -min(1.25, 1.25) inside [0.8, 1.28], -min(1.25, 1.2) inside [0.8, 1.2]
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(MathF.Log(1.25f));

        var wide = new ClippedPolicyLoss(new ClipRange(0.2, 0.28)).Compute(logProbs, Tokens([1]));
        var narrow = new ClippedPolicyLoss(new ClipRange(0.2, 0.2)).Compute(logProbs, Tokens([1]));

        Assert.Equal([-1.25f], wide.Loss.ToArray<float>(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal([-1.2f], narrow.Loss.ToArray<float>(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void The_bound_cuts_the_ratio_where_the_clip_does_not()
    {
        // ratio 10 with advantage -1: the clip leaves -min(-10, -1.2) = 10, a bound of 4 makes it -min(-4, -1.2) = 4
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(MathF.Log(10));
        var loss = new ClippedPolicyLoss(new ClipRange(0.2, 0.2));

        Assert.Equal([10f], loss.Compute(logProbs, Tokens([-1])).Loss.ToArray<float>(), AbsoluteTolerance.Of(1e-5));
        Assert.Equal(
            [4f],
            (loss with { RatioBound = 4 }).Compute(logProbs, Tokens([-1])).Loss.ToArray<float>(),
            AbsoluteTolerance.Of(1e-5));
    }

    [Fact]
    public void The_bound_does_not_reach_into_the_clip()
    {
        // ratio 10 with advantage -1, bound 1.1 below the clip's 1.2: -min(1.1·-1, 1.2·-1) = 1.2
        using var scope = TensorScope.Open();
        var loss = new ClippedPolicyLoss(new ClipRange(0.2, 0.2)) { RatioBound = 1.1 };

        var terms = loss.Compute(Tensor.Of(MathF.Log(10)), Tokens([-1]));

        Assert.Equal([1.2f], terms.Loss.ToArray<float>(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void A_token_that_the_clip_holds_back_has_no_gradient()
    {
        // inside the range the gradient of -ρA is -ρA = -1 at ρ = 1, A = 1; above 1.2 it is 0
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(0f, MathF.Log(2));
        logProbs.RequiresGrad = true;

        new ClippedPolicyLoss(new ClipRange(0.2, 0.2)).Compute(logProbs, Tokens([1, 1])).Loss.Sum().Backward();

        Assert.Equal([-1f, 0f], logProbs.Grad!.ToArray<float>(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Metrics_count_the_tokens_held_back_on_each_side()
    {
        // ratios 2.0 0.5 2.0 0.5, advantages 1 1 -1 -1: the first is held back above, the last below
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(MathF.Log(2), MathF.Log(0.5f), MathF.Log(2), MathF.Log(0.5f));
        var tokens = Tokens([1, 1, -1, -1]);

        var metrics = new ClippedPolicyLoss(new ClipRange(0.2, 0.2)).Compute(logProbs, tokens).Metrics
            .Where(metric => metric.Statistic == Statistic.Mean)
            .ToDictionary(metric => metric.Name, metric => metric.Mean());

        Assert.Equal(new MeanParts(1, 4), metrics["clip_ratio/low_mean"]);
        Assert.Equal(new MeanParts(1, 4), metrics["clip_ratio/high_mean"]);
        Assert.Equal(new MeanParts(2, 4), metrics["clip_ratio/region_mean"]);
    }

    [Fact]
    public void With_a_ratio_of_sequences_all_tokens_of_one_share_its_term()
    {
        // differences ln 2 and 0 in one sequence: ratio 2^(1/2) = 1.41421, clipped at 1.2 for A = 1
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(MathF.Log(2), 0f);
        var tokens = Tokens([1, 1]) with { Ratio = RatioLevel.Sequence };

        var wide = new ClippedPolicyLoss(new ClipRange(0.9, 0.9)).Compute(logProbs, tokens);
        var narrow = new ClippedPolicyLoss(new ClipRange(0.2, 0.2)).Compute(logProbs, tokens);

        Assert.Equal([-1.414214f, -1.414214f], wide.Loss.ToArray<float>(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal([-1.2f, -1.2f], narrow.Loss.ToArray<float>(), AbsoluteTolerance.Of(1e-6));
        var high = narrow.Metrics.Single(metric => metric.Name == "clip_ratio/high_mean");
        Assert.Equal(new MeanParts(1, 1), high.Mean());
    }

    [Fact]
    public void Temporaries_are_freed()
    {
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(0f, 1f);
        var tokens = Tokens([1, 1]);
        var before = TorchRuntime.LiveTensors;

        new ClippedPolicyLoss(new ClipRange(0.2, 0.2)).Compute(logProbs, tokens);

        // the terms and the three flags of the metrics
        Assert.Equal(before + 4, TorchRuntime.LiveTensors);
    }

    private static RolloutTokens Tokens(float[] advantages) => new(
        Tensor.Zeros(DType.Float32, advantages.Length),
        Tensor.Of<float>(advantages),
        Sequences.OfLengths(advantages.Length));
}
