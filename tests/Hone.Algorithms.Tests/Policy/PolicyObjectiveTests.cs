using Hone.Torch;

namespace Hone.Algorithms.Tests.Policy;

public sealed class PolicyObjectiveTests
{
    private static readonly PolicyObjective Plain = new(new ClippedPolicyLoss(new ClipRange(0.2, 0.2)));

    [Fact]
    public void The_divergence_is_k3_times_its_weight()
    {
        // log π = ln 0.5, log π_ref = ln 0.25: x = -ln 2, k3 = 0.5 + 0.693147 - 1 = 0.193147; no policy term for A = 0
        // times the ratio 0.5/1: 0.0965736; β = 2
        using var scope = TensorScope.Open();
        var logProbs = PolicyLossesTests.Leaf(Math.Log(0.5));
        var tokens = PolicyLossesTests.Tokens([0]) with { ReferenceLogProbs = Tensor.Of(Math.Log(0.25)) };

        var plain = (Plain with { KlWeight = 2, CorrectKl = false }).Compute(logProbs, tokens);
        var corrected = (Plain with { KlWeight = 2 }).Compute(logProbs, tokens);

        Assert.Equal([0.386294], plain.Loss.ToArray<double>(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal([0.193147], corrected.Loss.ToArray<double>(), AbsoluteTolerance.Of(1e-6));
        var kl = plain.Metrics.Single(metric => metric.Name == "kl");
        Assert.Equal(0.193147, kl.Mean().Mean, AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void A_divergence_without_reference_is_refused()
    {
        using var scope = TensorScope.Open();
        var tokens = PolicyLossesTests.Tokens([1]);

        var error = Assert.Throws<ArgumentException>(
            () => (Plain with { KlWeight = 0.04 }).Compute(PolicyLossesTests.Leaf(0), tokens));

        Assert.Equal("tokens: a KL weight of 0.04 needs log-probs of a reference, found none", error.Message);
    }

    [Fact]
    public void Sampler_weights_and_masks_scale_the_policy_term_alone()
    {
        // at ratio 1 and A = 1 the term is -1; weight 0.5 halves it, the kept mask removes the second
        using var scope = TensorScope.Open();
        var tokens = PolicyLossesTests.Tokens([1, 1]) with
        {
            SamplerWeights = Tensor.Of(0.5, 1.0),
            Kept = Tensor.Of(1.0, 0.0),
        };

        Assert.Equal([-0.5, 0], Plain.Compute(PolicyLossesTests.Leaf(0, 0), tokens).Loss.ToArray<double>());
    }

    [Fact]
    public void Bad_sequences_that_left_the_policy_do_not_count()
    {
        // log π_old - log π: means 0.5 and 0.5; advantages -1 (dropped above 0.4) and 1 (kept)
        using var scope = TensorScope.Open();
        var tokens = new RolloutTokens(Tensor.Of(0.0, 0.0), Tensor.Of(-1.0, 1.0), Sequences.OfLengths(1, 1));
        var logProbs = PolicyLossesTests.Leaf(-0.5, -0.5);

        var strict = (Plain with { OffPolicyThreshold = 0.4 }).Compute(logProbs, tokens).Loss.ToArray<double>();
        var lenient = (Plain with { OffPolicyThreshold = 0.6 }).Compute(logProbs, tokens).Loss.ToArray<double>();

        // ratio e^-0.5 = 0.606531: -min(-0.606531, -0.8) = 0.8 and -0.606531
        Assert.Equal([0, -0.606531], strict, AbsoluteTolerance.Of(1e-6));
        Assert.Equal([0.8, -0.606531], lenient, AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Leaving_is_measured_against_the_sampler_where_its_log_probs_are_known()
    {
        // against π_old log 1 − log e^-0.5 = 0.5 > 0.4, against the sampler −0.2 + 0.5 = 0.3: kept
        using var scope = TensorScope.Open();
        var tokens = PolicyLossesTests.Tokens([-1]) with { SamplerLogProbs = Tensor.Of(-0.2) };
        var logProbs = PolicyLossesTests.Leaf(-0.5);

        var kept = OffPolicyMask.Compute(logProbs, tokens, 0.4).ToArray<double>();
        var dropped = OffPolicyMask.Compute(logProbs, tokens with { SamplerLogProbs = null }, 0.4).ToArray<double>();

        Assert.Equal([1.0], kept);
        Assert.Equal([0.0], dropped);
    }

    [Fact]
    public void A_loss_that_contains_the_sampler_weights_is_not_multiplied_again()
    {
        // w = ½ in φ(w) = e·w·e^-w = 0.824361 for k = λ = 1; log π = -1: -φ·A·log π = 0.824361, not half of it
        using var scope = TensorScope.Open();
        var shape = new GammaWeight(1, 1);
        var tokens = new RolloutTokens(Tensor.Of(-1.0), Tensor.Of(1.0), Sequences.OfLengths(1))
        {
            SamplerWeights = Tensor.Of(0.5),
        };

        var objective = new PolicyObjective(new VariationalPolicyLoss(shape, shape));
        var terms = objective.Compute(PolicyLossesTests.Leaf(-1), tokens);

        Assert.Equal([0.824361], terms.Loss.ToArray<double>(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Metrics_outlive_the_computation()
    {
        using var scope = TensorScope.Open();
        var terms = Plain.Compute(PolicyLossesTests.Leaf(0), PolicyLossesTests.Tokens([1]));

        Assert.All(terms.Metrics, metric => Assert.False(metric.Values.IsDisposed));
    }
}
