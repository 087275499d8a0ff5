namespace Hone.Torch.Tests;

public sealed class OperatorTests
{
    [Fact]
    public void Arguments_that_are_not_given_take_the_defaults_of_the_schema()
    {
        using var scope = TensorScope.Open();
        var add = Operator.Find("aten::add", "Tensor");

        Assert.Equal([5f], add.Call(Tensor.Of(2f), Tensor.Of(3f)).ToArray<float>());
        Assert.Equal([8f], add.Call(Tensor.Of(2f), Tensor.Of(3f), 2.0).ToArray<float>());
        Assert.Equal([5f], add.Call(Tensor.Of(2f), Tensor.Of(3f), Argument.Default).ToArray<float>());
    }

    [Fact]
    public void Lists_of_integers_and_of_tensors_cross_the_border()
    {
        using var scope = TensorScope.Open();

        var joined = Operator.Find("aten::cat").Call(new[] { Tensor.Of(1f, 2f), Tensor.Of(3f) }, 0L);
        var parts = Operator.Find("aten::split_with_sizes").CallMany(joined, new[] { 1L, 2L });

        Assert.Equal([1f], parts[0].ToArray<float>());
        Assert.Equal([2f, 3f], parts[1].ToArray<float>());
    }

    [Fact]
    public void A_long_list_crosses_too()
    {
        using var scope = TensorScope.Open();
        var ones = Enumerable.Range(0, 1000).Select(_ => Tensor.Of(1f)).ToArray();

        Assert.Equal(1000, Tensor.Cat(ones).Sum().Item());
    }

    [Fact]
    public void An_operator_that_does_not_exist_is_named()
    {
        Assert.False(Operator.Exists("aten::frobnicate"));
        var error = Assert.Throws<TorchException>(() => Operator.Find("aten::frobnicate", "int").Run());
        Assert.Equal("this libtorch has no operator aten::frobnicate.int", error.Message);
    }

    [Fact]
    public void A_refusal_is_the_operators_own_sentence_without_a_backtrace()
    {
        using var scope = TensorScope.Open();
        var error = Assert.Throws<TorchException>(() => Tensor.Of(1f, 2f).View(3));
        Assert.Equal("shape '[3]' is invalid for input of size 2", error.Message);
    }

    [Fact]
    public void A_missing_argument_is_named()
    {
        using var scope = TensorScope.Open();
        var error = Assert.Throws<TorchException>(() => Operator.Find("aten::add", "Tensor").Call(Tensor.Of(1f)));
        Assert.Equal("aten::add: argument \"other\" is missing", error.Message);
    }

    [Fact]
    public void Schema_is_the_dispatchers_own() =>
        Assert.Equal("aten::neg(Tensor self) -> Tensor", Operator.Find("aten::neg").Schema);
}
