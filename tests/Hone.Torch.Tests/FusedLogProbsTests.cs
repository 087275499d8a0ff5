namespace Hone.Torch.Tests;

public sealed class FusedLogProbsTests
{
    public static TheoryData<int, DType> Kinds => FusedAgreement.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Log_probs_and_entropies_agree_with_their_composition(int isa, DType dtype) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var inputs = new[]
        {
            FusedAgreement.Normal(dtype, 1, 20, 24), FusedAgreement.Normal(dtype, 2, 53, 24) * 0.4,
            FusedAgreement.Normal(dtype, 3, 53),
        };
        var targets = Tensor.Of<long>([.. Enumerable.Range(0, 20).Select(i => (long)(i % 9 == 4 ? -1 : i * 7 % 53))]);
        var weigh = FusedAgreement.Normal(DType.Float32, 4, 20);

        FusedAgreement.Check(
            "hone::linear_log_probs",
            inputs[..2],
            (op, x) => Combined(op.CallMany(x[0], x[1], targets), weigh));
        FusedAgreement.Check(
            "hone::linear_log_probs",
            inputs,
            (op, x) => Combined(op.CallMany(x[0], x[1], targets, 0.7, 1.3, 2.0, x[2]), weigh));
    });

    [Fact]
    public void Of_two_logits_all_five_numbers_are_those_of_the_definition()
    {
        // z = (0, log 3): p = (¼, ¾). log p₁ = log ¾; H = ¼ log 4 + ¾ log(4/3) = 0.562335; Σp² = 0.625; mean ½ log 3;
        // top 1.
        using var scope = TensorScope.Open();
        var result = Fused.LinearLogProbs(
            Tensor.From([1f], 1, 1), Tensor.From([0f, MathF.Log(3)], 2, 1), Tensor.Of(1L));

        Assert.Equal(Math.Log(0.75), result.LogProbs.Item(), 1e-6);
        Assert.Equal(0.562335, result.Entropy.Item(), 1e-6);
        Assert.Equal(Math.Log(0.625), result.LogSumSquare.Item(), 1e-6);
        Assert.Equal(0.549306, result.MeanLogit.Item(), 1e-6);
        Assert.Equal(1, result.Top.Item());
    }

    [Fact]
    public void Scale_then_cap_then_temperature_make_the_logits()
    {
        // product 4 and 0, bias 2 and 0, scale ½: 3; capped 2·tanh(1.5) = 1.810296; temperature 0.5: 3.620593; mean
        // half of it.
        using var scope = TensorScope.Open();
        var result = Fused.LinearLogProbs(
            Tensor.From([2f], 1, 1), Tensor.From([2f, 0f], 2, 1), Tensor.Of(0L), temperature: 0.5, scale: 0.5,
            softcap: 2, bias: Tensor.Of(2f, 0f));

        Assert.Equal(3.620593 / 2, result.MeanLogit.Item(), 1e-5);
        Assert.Equal(-Math.Log(1 + Math.Exp(-3.620593)), result.LogProbs.Item(), 1e-6);
    }

    [Fact]
    public void A_certain_prediction_keeps_the_digits_of_its_entropy()
    {
        // z = (60, 0): p₁ = e^-60 / (1 + e^-60) = 8.7565e-27, H = p₁(1 + 60) to first order = 5.3415e-25.
        using var scope = TensorScope.Open();
        var result = Fused.LinearLogProbs(Tensor.From([60f], 1, 1), Tensor.From([1f, 0f], 2, 1), Tensor.Of(1L));

        Assert.Equal(-60, result.LogProbs.Item());
        Assert.Equal(5.3415e-25, result.Entropy.Item(), 1e-28);
    }

    [Fact]
    public void The_first_of_equal_logits_is_the_top()
    {
        using var scope = TensorScope.Open();
        var result = Fused.LinearLogProbs(Tensor.From([1f], 1, 1), Tensor.From([0f, 5f, 5f], 3, 1), Tensor.Of(0L));
        Assert.Equal(1, result.Top.Item());
    }

    [Fact]
    public void A_token_without_target_is_not_computed_and_has_no_gradient()
    {
        using var scope = TensorScope.Open();
        var hidden = Tensor.From([float.NaN, float.NaN, 1f, 2f], 2, 2);
        var weight = FusedAgreement.Normal(DType.Float32, 1, 5, 2);
        hidden.RequiresGrad = true;
        weight.RequiresGrad = true;

        var result = Fused.LinearLogProbs(hidden, weight, Tensor.Of(-1L, 3L));
        (result.LogProbs.Sum() + result.Entropy.Sum()).Backward();

        Assert.Equal(0, result.LogProbs.Select(0, 0).Item());
        Assert.Equal(-1, result.Top.Select(0, 0).Item());
        Assert.Equal([0f, 0f], hidden.Grad!.Select(0, 0).ToArray<float>());
        Assert.All(weight.Grad!.ToArray<float>(), x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void No_token_with_a_target_is_no_work()
    {
        using var scope = TensorScope.Open();
        var hidden = Tensor.Ones(DType.Float32, 2, 2);
        hidden.RequiresGrad = true;
        var result = Fused.LinearLogProbs(hidden, Tensor.Ones(DType.Float32, 3, 2), Tensor.Of(-1L, -100L));
        result.LogProbs.Sum().Backward();

        Assert.Equal([0f, 0f], result.LogProbs.ToArray<float>());
        Assert.Equal([0f, 0f, 0f, 0f], hidden.Grad!.ToArray<float>());
    }

    [Fact]
    public void A_frozen_weight_gets_no_gradient_and_a_tied_one_both()
    {
        using var scope = TensorScope.Open();
        var weight = FusedAgreement.Normal(DType.Float32, 1, 4, 4);
        var frozen = FusedAgreement.Normal(DType.Float32, 1, 4, 4);
        weight.RequiresGrad = true;
        var targets = Tensor.Of(1L, 3L);

        Fused.LinearLogProbs(weight.IndexSelect(0, targets), frozen, targets).LogProbs.Sum().Backward();
        var asHidden = weight.Grad!.Clone();
        weight.Grad = null;
        Fused.LinearLogProbs(frozen.IndexSelect(0, targets), weight, targets).LogProbs.Sum().Backward();
        var asHead = weight.Grad!.Clone();
        weight.Grad = null;
        Fused.LinearLogProbs(weight.IndexSelect(0, targets), weight, targets).LogProbs.Sum().Backward();

        Assert.Null(frozen.Grad);
        FusedAgreement.AssertClose(asHidden + asHead, weight.Grad!, 1e-6, "tied weight");
    }

    [Fact]
    public void Many_tokens_in_chunks_are_as_each_alone()
    {
        // 2,500 tokens of 11 logits are three chunks of at most 1,024.
        using var scope = TensorScope.Open();
        var hidden = FusedAgreement.Normal(DType.Float32, 1, 2500, 8);
        var weight = FusedAgreement.Normal(DType.Float32, 2, 11, 8);
        var targets = Tensor.Of<long>([.. Enumerable.Range(0, 2500).Select(i => (long)(i % 11))]);

        var all = Fused.LinearLogProbs(hidden, weight, targets).LogProbs;

        foreach (var token in new[] { 0L, 1023, 1024, 2047, 2048, 2499 })
        {
            var alone = Fused.LinearLogProbs(hidden.Narrow(0, token, 1), weight, targets.Narrow(0, token, 1)).LogProbs;
            Assert.Equal(alone.Item(), all.Select(0, token).Item(), 1e-5);
        }
    }

    [Fact]
    public void Targets_must_be_in_the_vocabulary()
    {
        using var scope = TensorScope.Open();
        var error = Assert.Throws<TorchException>(() => Fused.LinearLogProbs(
            Tensor.Ones(DType.Float32, 1, 2), Tensor.Ones(DType.Float32, 3, 2), Tensor.Of(3L)));
        Assert.Equal("hone::linear_log_probs: every target must be below vocab = 3, got 3", error.Message);
    }

    private static Tensor Combined(Tensor[] outputs, Tensor weigh) =>
        outputs[0] + (outputs[1] * weigh.To(outputs[1].DType));
}
