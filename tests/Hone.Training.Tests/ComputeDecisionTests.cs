using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

public sealed class ComputeDecisionTests
{
    private static readonly Processor Plain =
        new(2, Avx2: true, Avx512: true, Avx512Vnni: true, Avx512BFloat16: false, AmxBFloat16: false);

    private static readonly Processor Dots = Plain with { Avx512BFloat16 = true };

    private static readonly Processor Tiles = Dots with { AmxBFloat16 = true };

    [Fact]
    public void Auto_takes_bfloat16_only_where_the_processor_multiplies_it()
    {
        Assert.Equal(
            new ComputeDecision(DType.Float32, "the processor has no bfloat16 products"),
            ComputeDecision.Of(ComputeChoice.Auto, Plain));
        Assert.Equal(
            new ComputeDecision(DType.BFloat16, "the processor multiplies bfloat16 (avx512_bf16)"),
            ComputeDecision.Of(ComputeChoice.Auto, Dots));
        Assert.Equal(
            new ComputeDecision(DType.BFloat16, "the processor multiplies bfloat16 tiles (amx_bf16)"),
            ComputeDecision.Of(ComputeChoice.Auto, Tiles));
    }

    [Fact]
    public void A_recipe_has_its_will_and_learns_what_it_costs()
    {
        Assert.Equal(
            new ComputeDecision(DType.Float32, "the recipe says so"), ComputeDecision.Of(ComputeChoice.Float32, Tiles));
        Assert.Equal(
            new ComputeDecision(DType.BFloat16, "the recipe says so"),
            ComputeDecision.Of(ComputeChoice.Bfloat16, Tiles));
        Assert.Equal(
            new ComputeDecision(
                DType.BFloat16,
                "the recipe says so, though this processor has no bfloat16 products and converts each number"),
            ComputeDecision.Of(ComputeChoice.Bfloat16, Plain));
    }

    [Theory]
    [InlineData(DType.Float32, "float32")]
    [InlineData(DType.BFloat16, "bfloat16")]
    public void Its_name_is_the_one_of_recipes(DType dtype, string name) =>
        Assert.Equal(name, new ComputeDecision(dtype, "").Name);
}
