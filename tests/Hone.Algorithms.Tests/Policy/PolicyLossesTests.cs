using Hone.Torch;

namespace Hone.Algorithms.Tests.Policy;

/// <summary>The terms of the losses that are not the clipped one, each on a few tokens.</summary>
public sealed class PolicyLossesTests
{
    [Fact]
    public void A_capped_weight_leaves_every_token_its_gradient()
    {
        // ratios 2 and 0.5, cap 1.5, A = 1: weights 1.5 and 0.5, terms -w·A·log π with log π = ln 2, ln 0.5
        // -1.5·0.693147 = -1.039721   -0.5·-0.693147 = 0.346574;   gradients -1.5 and -0.5
        using var scope = TensorScope.Open();
        var logProbs = Leaf(Math.Log(2), Math.Log(0.5));

        var terms = new CappedPolicyLoss(1.5).Compute(logProbs, Tokens([1, 1]));
        terms.Loss.Sum().Backward();

        Assert.Equal([-1.039721, 0.346574], terms.Loss.ToArray<double>(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal([-1.5, -0.5], logProbs.Grad!.ToArray<double>(), AbsoluteTolerance.Of(1e-12));
        Assert.Equal(new MeanParts(1, 2), terms.Metrics[0].Mean());
    }

    [Fact]
    public void A_soft_gate_is_twice_the_advantage_at_ratio_1()
    {
        // ρ = 1: σ(0) = ½, so -(4/τ)·½·A = -2/τ·A: A = 1, τ = 1 gives -2; A = -1, τ = 2 gives 1
        // gradient at ρ = 1: -(4/τ)·τ·¼·A·ρ = -A
        using var scope = TensorScope.Open();
        var logProbs = Leaf(0, 0);

        var terms = new SoftGatedPolicyLoss(1, 2).Compute(logProbs, Tokens([1, -1]));
        terms.Loss.Sum().Backward();

        Assert.Equal([-2.0, 1.0], terms.Loss.ToArray<double>(), AbsoluteTolerance.Of(1e-12));
        Assert.Equal([-1.0, 1.0], logProbs.Grad!.ToArray<double>(), AbsoluteTolerance.Of(1e-12));
    }

    [Fact]
    public void A_variational_weight_is_a_gamma_shape_of_the_whole_sequence()
    {
        // differences ln 2 and 0: w = 2; φ = e^λ·w^k·e^(-λw) with k = 1, λ = 1: e·2·e^-2 = 2/e = 0.735759
        // terms -φ·A·log π: -0.735759·0.693147 = -0.509989   -0.735759·0 = 0
        using var scope = TensorScope.Open();
        var logProbs = Leaf(Math.Log(2), 0);
        var loss = new VariationalPolicyLoss(new GammaWeight(1, 1), new GammaWeight(3, 2));

        var terms = loss.Compute(logProbs, Tokens([1, 1]));
        terms.Loss.Sum().Backward();

        Assert.Equal([-0.509989, 0], terms.Loss.ToArray<double>(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal([-0.735759, -0.735759], logProbs.Grad!.ToArray<double>(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal(0.735759, terms.Metrics[0].Mean().Mean, AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void A_sampler_weight_enters_the_variational_ratio_once_a_token_or_once_a_sequence()
    {
        // no move of the policy; weights ½ and ½: as tokens w = ¼, as one weight of the sequence w = ½
        // φ(w) = e·w·e^-w for k = λ = 1: e·0.25·e^-0.25 = 0.529250   e·0.5·e^-0.5 = 0.824361
        using var scope = TensorScope.Open();
        var loss = new VariationalPolicyLoss(new GammaWeight(1, 1), new GammaWeight(1, 1));
        var tokens = Tokens([1, 1]) with { SamplerWeights = Tensor.Of(0.5, 0.5) };

        var each = loss.Compute(Leaf(0, 0), tokens).Metrics[0].Mean().Mean;
        var once = loss.Compute(Leaf(0, 0), tokens with { SamplerLevel = RatioLevel.Sequence }).Metrics[0].Mean().Mean;

        Assert.Equal(0.529250, each, AbsoluteTolerance.Of(1e-6));
        Assert.Equal(0.824361, once, AbsoluteTolerance.Of(1e-6));
    }

    internal static Tensor Leaf(params double[] values)
    {
        var leaf = Tensor.Of<double>(values);
        leaf.RequiresGrad = true;
        return leaf;
    }

    internal static RolloutTokens Tokens(double[] advantages) => new(
        Tensor.Zeros(DType.Float64, advantages.Length),
        Tensor.Of<double>(advantages),
        Sequences.OfLengths(advantages.Length));
}
