namespace Hone.Torch.Tests;

public sealed class FusedWeightsTests
{
    [Fact]
    public void The_first_gradient_of_a_copy_is_taken_over_and_further_ones_add_up_in_float32()
    {
        using var scope = TensorScope.Open();
        var weight = Leaf(Tensor.From([1f, 2f, 3f, 4f], 2, 2));
        var copy = weight.Detach().To(DType.BFloat16);
        // 2⁻⁸ is lost beside 1 in bfloat16
        var seed = Tensor.From([1f, 0.00390625f, 0f, 256f], 2, 2).To(DType.BFloat16);

        Fused.ComputeCopy([weight], copy).Backward(seed);
        Assert.Equal(DType.BFloat16, weight.Grad!.DType);

        Fused.ComputeCopy([weight], copy).Backward(Tensor.From([0.00390625f, 1f, 2f, 1f], 2, 2).To(DType.BFloat16));
        Assert.Equal(DType.Float32, weight.Grad!.DType);
        Assert.Equal([1.00390625f, 1.00390625f, 2f, 257f], weight.Grad.ToArray<float>());
    }

    [Fact]
    public void The_gradient_of_joined_weights_is_parted_among_those_that_want_one()
    {
        using var scope = TensorScope.Open();
        var (a, b, c) =
            (Leaf(Tensor.From([1f, 2f], 1, 2)), Tensor.From([3f, 4f, 5f, 6f], 2, 2), Leaf(Tensor.From([7f, 8f], 1, 2)));
        var copy = Tensor.Cat([a.Detach(), b, c.Detach()]);

        (Fused.ComputeCopy([a, b, c], copy) * Tensor.From([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f], 4, 2)).Sum().Backward();

        Assert.Equal([1f, 2f], a.Grad!.ToArray<float>());
        Assert.Null(b.Grad);
        Assert.Equal([7f, 8f], c.Grad!.ToArray<float>());
    }

    [Fact]
    public void Gradients_that_are_asked_for_by_name_leave_the_weight_alone()
    {
        using var scope = TensorScope.Open();
        var weight = Leaf(Tensor.From([1f, 2f], 1, 2));

        var sum = (Fused.ComputeCopy([weight], weight.Detach().To(DType.BFloat16)).To(DType.Float32) * 3).Sum();

        Assert.Equal([3f, 3f], Autograd.Gradients([sum], [weight])[0]!.ToArray<float>());
        Assert.Null(weight.Grad);
    }

    [Fact]
    public void Rows_of_an_embedding_that_occur_twice_get_both_gradients()
    {
        using var scope = TensorScope.Open();
        var weight = Leaf(Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 3, 2));

        var rows = Fused.Embedding(weight, Tensor.Of(2L, 0L, 2L), DType.BFloat16);
        rows.Backward(Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 3, 2).To(DType.BFloat16));

        Assert.Equal(DType.BFloat16, rows.DType);
        Assert.Equal([5f, 6f, 1f, 2f, 5f, 6f], rows.ToArray<float>());
        Assert.Equal([3f, 4f, 0f, 0f, 6f, 8f], weight.Grad!.ToArray<float>());
        Assert.Equal(DType.Float32, weight.Grad.DType);
    }

    [Fact]
    public void An_embedding_that_is_the_head_as_well_has_the_sum_of_both_gradients()
    {
        using var scope = TensorScope.Open();
        var weight = Leaf(Tensor.From([1f, 2f], 2, 1));
        var head = Fused.ComputeCopy([weight], weight.Detach().To(DType.BFloat16));

        var rows = Fused.Embedding(weight, Tensor.Of(1L), DType.BFloat16); // [1, 1]
        rows.Linear(head).Backward(Tensor.From([1f, 10f], 1, 2).To(DType.BFloat16));

        // y = (w₁w₀, w₁w₁), seed (1, 10): of the head (w₁, 10·w₁) = (2, 20), of the row w₀ + 10·w₁ = 21.
        Assert.Equal([2f, 41f], weight.Grad!.ToArray<float>());
    }

    [Fact]
    public void A_sum_of_gradients_is_the_same_on_every_instruction_set()
    {
        foreach (var isa in FusedAgreement.InstructionSets)
        {
            FusedAgreement.On(isa, () =>
            {
                using var scope = TensorScope.Open();
                var (leaf, gradient) =
                    (Leaf(FusedAgreement.Normal(DType.Float32, 1, 37)), FusedAgreement.Normal(DType.BFloat16, 2, 37));
                leaf.Grad = FusedAgreement.Normal(DType.Float32, 3, 37);

                Fused.AddGradient(leaf, gradient);

                FusedAgreement.AssertSame(
                    FusedAgreement.Normal(DType.Float32, 3, 37) + gradient.To(DType.Float32), leaf.Grad!);
            });
        }
    }

    private static Tensor Leaf(Tensor values)
    {
        var leaf = values.Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }
}
