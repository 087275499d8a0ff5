using Hone.Torch;

namespace Hone.Algorithms.Tests.Supervised;

public sealed class SupervisedLossTests
{
    [Fact]
    public void The_negative_log_likelihood_is_minus_the_log_prob()
    {
        using var scope = TensorScope.Open();

        Assert.Equal([0.5, 2], SupervisedLoss.NegativeLogLikelihood(Tensor.Of(-0.5, -2.0)).ToArray<double>());
    }

    [Fact]
    public void Dynamic_fine_tuning_weighs_a_target_with_its_probability()
    {
        // p = ½: term ½·ln 2 = 0.346574, gradient −½ with respect to log p
        using var scope = TensorScope.Open();
        var logProbs = Tensor.Of(Math.Log(0.5));
        logProbs.RequiresGrad = true;

        var terms = SupervisedLoss.DynamicFineTuning(logProbs);
        terms.Sum().Backward();

        Assert.Equal(0.346574, terms.Item(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal(-0.5, logProbs.Grad!.Item(), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void Smoothing_mixes_in_the_mean_over_the_vocabulary()
    {
        // 0.9·1 + 0.1·3 = 1.2
        using var scope = TensorScope.Open();

        Assert.Equal(
            1.2, SupervisedLoss.Smoothed(Tensor.Of(-1.0), Tensor.Of(-3.0), 0.1).Item(), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void The_mean_over_the_vocabulary_needs_no_logits()
    {
        // h = (1, 2), head rows (1, 0), (0, 1), (1, 1): logits 1, 2, 3, log Σ eᶻ = 3.407606
        // log π = -2.407606, -1.407606, -0.407606: mean -1.407606
        // with τ = 2 logits ½, 1, 1½: log Σ eᶻ = 2.180287, mean -1.180287
        using var scope = TensorScope.Open();
        var hidden = Tensor.From([1.0, 2.0], 1, 2);
        var head = Tensor.From([1.0, 0.0, 0.0, 1.0, 1.0, 1.0], 3, 2);
        var target = Tensor.Of(2L);

        var mean = SupervisedLoss.MeanLogProbs(Tensor.Of(-0.407606), hidden, head, target);
        var warm = SupervisedLoss.MeanLogProbs(Tensor.Of(-0.680287), hidden, head, target, temperature: 2);

        Assert.Equal(-1.407606, mean.Item(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal(-1.180287, warm.Item(), AbsoluteTolerance.Of(1e-6));
    }
}
