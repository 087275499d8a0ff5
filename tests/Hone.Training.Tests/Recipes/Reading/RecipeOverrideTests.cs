using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes.Reading;

public sealed class RecipeOverrideTests
{
    [Fact]
    public void An_override_replaces_what_the_file_says() =>
        Assert.Equal(7, RecipeTexts.Read(RecipeTexts.Sft, "seed=7").Seed);

    [Fact]
    public void The_last_of_several_holds() =>
        Assert.Equal(9, RecipeTexts.Read(RecipeTexts.Sft, "seed=7", "seed=9").Seed);

    [Fact]
    public void Sections_are_made_on_the_way() =>
        Assert.Equal(0.5, RecipeTexts.Read(RecipeTexts.Sft, "optimizer.weight_decay=0.5").Optimizer.WeightDecay);

    [Fact]
    public void The_value_may_hold_equal_signs() =>
        Assert.Equal("a=b", RecipeTexts.Read(RecipeTexts.Sft, "description=a=b").Description);

    [Fact]
    public void Lists_and_sections_are_values_too()
    {
        var grpo = Assert.IsType<GrpoOptions>(RecipeTexts.Read(
            RecipeTexts.Grpo, "grpo.stop=[., '!']", "grpo.rewards=[{name: length, target: 9, tolerance: 3}]").Method);

        Assert.Equal([".", "!"], grpo.Stop);
        Assert.Equal([new LengthRewardOptions { Target = 9, Tolerance = 3 }], grpo.Rewards);
    }

    [Fact]
    public void An_item_of_a_list_is_reached_by_its_number() =>
        Assert.Equal(
            [new ContainsWordRewardOptions { Weight = 5 }],
            Assert.IsType<GrpoOptions>(RecipeTexts.Read(RecipeTexts.Grpo, "grpo.rewards.0.weight=5").Method).Rewards);

    [Theory]
    [InlineData("seed", "--set seed: must look like key.path=value")]
    [InlineData("=3", "--set =3: must look like key.path=value")]
    [InlineData("a..b=3", "--set a..b=3: must look like key.path=value")]
    [InlineData("seed.x=3", "--set seed.x=3: seed.x: seed holds 1, which has no keys")]
    [InlineData(
        "grpo.rewards.1.weight=3",
        "--set grpo.rewards.1.weight=3: grpo.rewards.1.weight: grpo.rewards is a list of 1; name an item by its "
            + "number from 0, got 1")]
    [InlineData("sed=3", "--set sed=3: sed: is not a key of a recipe; did you mean seed?")]
    [InlineData("seed=-1", "--set seed=-1: seed: must be in [0, ∞), got -1")]
    public void An_override_at_fault_is_named_as_it_was_given(string text, string problem) =>
        Assert.Equal([problem], RecipeTexts.Problems(RecipeTexts.Grpo, text));

    [Fact]
    public void An_override_that_is_not_YAML_is_named_as_it_was_given() =>
        Assert.StartsWith(
            "--set seed=[1: must be YAML: ",
            Assert.Single(RecipeTexts.Problems(RecipeTexts.Sft, "seed=[1")),
            StringComparison.Ordinal);
}
