namespace Hone.Torch.Tests;

public sealed class KeptLogProbsTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Values_and_gradients_are_those_of_the_operator_that_multiplies_twice(DType dtype)
    {
        using var scope = TensorScope.Open();
        var terms = new LogitTerms(Temperature: 0.7, Scale: 1.3, SoftCap: 2);
        var (hidden, weight) =
            (Leaf(FusedAgreement.Normal(dtype, 1, 9, 16)), Leaf(FusedAgreement.Normal(dtype, 2, 21, 16)));
        var targets = Tensor.Of<long>(0, 20, 3, 3, 7, 11, 19, 1, 8);
        var weigh = FusedAgreement.Normal(DType.Float32, 3, 9);
        Tensor Loss(TokenLogProbs scores) => (scores.LogProbs * weigh).Sum() + (scores.Entropy * weigh * 0.3).Sum();

        var expected = Fused.LinearLogProbs(hidden, weight, targets, terms.Temperature, terms.Scale, terms.SoftCap);
        Loss(expected).Backward();
        var kept = new KeptLogProbs(hidden, weight, targets, terms);
        Loss(kept.Scores).Backward();
        var slopes = kept.Slopes();

        var tolerance = FusedAgreement.Tolerance(dtype);
        FusedAgreement.AssertSame(expected.LogProbs, kept.Scores.LogProbs);
        FusedAgreement.AssertSame(expected.Entropy, kept.Scores.Entropy);
        FusedAgreement.AssertSame(expected.LogSumSquare, kept.Scores.LogSumSquare);
        FusedAgreement.AssertSame(expected.Top, kept.Scores.Top);
        FusedAgreement.AssertClose(hidden.Grad!, kept.HiddenGradient(slopes), tolerance, "hidden");
        FusedAgreement.AssertClose(weight.Grad!, kept.WeightGradient(slopes), tolerance, "weight");
    }

    [Fact]
    public void Targets_that_the_head_has_no_row_for_are_refused()
    {
        using var scope = TensorScope.Open();
        var hidden = Tensor.Zeros(DType.Float32, 1, 4);

        var error = Assert.Throws<TorchException>(
            () => new KeptLogProbs(hidden, Tensor.Zeros(DType.Float32, 3, 4), Tensor.Of(3L), new LogitTerms(1)));

        Assert.Equal("hone::product_log_probs: every target must be from 0 to 2, got 3", error.Message);
    }

    [Fact]
    public void Sixty_four_MiB_of_products_are_kept_at_most()
    {
        Assert.Equal(1048, KeptLogProbs.TargetsAtOnce(32000, DType.BFloat16));
        Assert.Equal(524, KeptLogProbs.TargetsAtOnce(32000, DType.Float32));
        Assert.Equal(2048, KeptLogProbs.TargetsAtOnce(10, DType.Float32));
        Assert.Equal(64, KeptLogProbs.TargetsAtOnce(1_000_000, DType.Float32));
    }

    private static Tensor Leaf(Tensor values)
    {
        var leaf = values.Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }
}
