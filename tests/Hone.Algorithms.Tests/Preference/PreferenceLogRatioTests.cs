using Hone.Torch;

namespace Hone.Algorithms.Tests.Preference;

public sealed class PreferenceLogRatioTests
{
    // Two pairs: chosen (−1 −2), rejected (−3); chosen (−4), rejected (−5 −6).
    private static readonly Sequences Answers = Sequences.OfLengths(2, 1, 1, 2);

    [Fact]
    public void Log_ratios_are_sums_over_an_answer_against_the_reference()
    {
        using var scope = TensorScope.Open();
        var (policy, reference) =
            (Tensor.Of(-1.0, -2.0, -3.0, -4.0, -5.0, -6.0), Tensor.Of(-1.5, -1.5, -1.0, -6.0, -5.0, -5.0));

        var ratios = new PreferenceLogRatio().Compute(policy, reference, Answers);

        Assert.Equal([0.0, 2.0], ratios.Chosen.ToArray<double>());
        Assert.Equal([-2.0, -1.0], ratios.Rejected.ToArray<double>());
    }

    [Fact]
    public void Without_reference_they_are_log_probs()
    {
        using var scope = TensorScope.Open();
        var ratios = new PreferenceLogRatio().Compute(
            Tensor.Of(-1.0, -2.0, -3.0, -4.0, -5.0, -6.0), reference: null, Answers);

        Assert.Equal([-3.0, -4.0], ratios.Chosen.ToArray<double>());
        Assert.Equal([-3.0, -11.0], ratios.Rejected.ToArray<double>());
    }

    [Fact]
    public void Tokens_beyond_the_shorter_answer_of_a_pair_weigh_less()
    {
        // α = ¼: chosen −1 − 2/4, rejected −3; chosen −4, rejected −5 − 6/4
        using var scope = TensorScope.Open();
        var ratios = new PreferenceLogRatio { SurplusWeight = 0.25 }.Compute(
            Tensor.Of(-1.0, -2.0, -3.0, -4.0, -5.0, -6.0), reference: null, Answers);

        Assert.Equal([-1.5, -4.0], ratios.Chosen.ToArray<double>());
        Assert.Equal([-3.0, -6.5], ratios.Rejected.ToArray<double>());
    }

    [Fact]
    public void Each_divergence_scores_a_log_ratio_by_the_slope_of_its_function()
    {
        // x = log 2: x, 1 − ½, log 2 + log(2/3), (2^½ − 1)/½ with α = 3/2; all are 0 at x = 0
        using var scope = TensorScope.Open();
        var ratios = new LogRatios(Tensor.Of(Math.Log(2)), Tensor.Of(0.0));
        void Scores(double expected, PreferenceDivergence divergence)
        {
            var scores = divergence.Score(ratios);
            Assert.Equal(expected, scores.Chosen.Item(), AbsoluteTolerance.Of(1e-9));
            Assert.Equal(0, scores.Rejected.Item(), AbsoluteTolerance.Of(1e-12));
        }

        Scores(Math.Log(2), new PreferenceDivergence.ReverseKl());
        Scores(Math.Log(2), new PreferenceDivergence.Alpha(1));
        Scores(0.5, new PreferenceDivergence.ForwardKl());
        Scores(Math.Log(4.0 / 3), new PreferenceDivergence.JensenShannon());
        Scores(2 * (Math.Sqrt(2) - 1), new PreferenceDivergence.Alpha(1.5));
    }

    [Fact]
    public void A_pair_weighs_as_much_as_its_answers_are_like_the_policys_own()
    {
        // means of log π − log Σπ²: −1 + 0.5 and −3 + 1 → e^(−0.5 − 2); −4 + 3 and −5.5 + 4.5 → e^(−1 − 1)
        using var scope = TensorScope.Open();
        var weights = PairWeights.Compute(
            Tensor.Of(-1.0, -1.0, -3.0, -4.0, -5.0, -6.0), Tensor.Of(-0.5, -0.5, -1.0, -3.0, -4.0, -5.0), Answers);

        Assert.Equal([Math.Exp(-2.5), Math.Exp(-2)], weights.ToArray<double>(), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void Metrics_are_rewards_log_probs_and_means_over_the_tokens_of_a_side()
    {
        using var scope = TensorScope.Open();
        var rewards = PreferenceMetrics.Rewards(new LogRatios(Tensor.Of(2.0, 1.0), Tensor.Of(-2.0, 1.0)), beta: 0.5);
        Assert.Equal(
            [("rewards/chosen", 0.75), ("rewards/rejected", -0.25), ("rewards/accuracies", 0.5),
                ("rewards/margins", 1.0)],
            rewards.Select(metric => (metric.Name, metric.Mean().Mean))); // a tie is wrong

        var logProbs = PreferenceMetrics.LogProbs(
            new PreferenceLogRatio(), Tensor.Of(-1.0, -2.0, -3.0, -4.0, -5.0, -6.0), Answers);
        Assert.Equal([("logps/chosen", -3.5), ("logps/rejected", -7.0)],
            logProbs.Select(metric => (metric.Name, metric.Mean().Mean)));

        var logits = PreferenceMetrics.OfTokens("logits", Tensor.Of(1.0, 2.0, 3.0, 6.0, 5.0, 7.0), Answers);
        Assert.Equal([("logits/chosen", 3.0), ("logits/rejected", 5.0)],
            logits.Select(metric => (metric.Name, metric.Mean().Mean)));
    }
}
