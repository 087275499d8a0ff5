using Hone.Models.Adapters.Kinds;

namespace Hone.Models.Tests.Adapters;

public sealed class ModuleTargetsTests
{
    private const string Query = "model.layers.1.self_attn.q_proj";

    [Theory]
    [InlineData("q_proj", true)]
    [InlineData("self_attn.q_proj", true)]
    [InlineData(Query, true)]
    [InlineData("proj", false)]
    [InlineData("self_attn", false)]
    public void A_name_is_the_whole_name_or_its_end_after_a_dot(string name, bool fits) =>
        Assert.Equal(fits, ModuleTargets.Of(name).Matches(Query, isPlainLinear: true, []));

    [Theory]
    [InlineData(@".*\.1\.self_attn\.(q|k)_proj", true)]
    [InlineData("q_proj", false)]
    [InlineData(@".*\.0\..*", false)]
    [InlineData("ALL-LINEAR", true)]
    public void A_pattern_is_of_the_whole_name(string pattern, bool fits) =>
        Assert.Equal(fits, new ModuleTargets { Pattern = pattern }.Matches(Query, isPlainLinear: true, []));

    [Fact]
    public void All_linear_layers_are_all_but_the_head() =>
        Assert.False(ModuleTargets.AllLinear.Matches("lm_head", isPlainLinear: false, []));

    [Fact]
    public void What_is_left_out_or_stored_as_a_whole_is_no_target()
    {
        Assert.False(
            (ModuleTargets.AllLinear with { ExcludedNames = ["q_proj"] }).Matches(Query, isPlainLinear: true, []));
        Assert.False((ModuleTargets.AllLinear with { ExcludedPattern = @".*layers\.1\..*" }).Matches(
            Query, isPlainLinear: true, []));
        Assert.False(ModuleTargets.AllLinear.Matches(Query, isPlainLinear: true, ["self_attn"]));
        Assert.True(ModuleTargets.AllLinear.Matches(Query, isPlainLinear: true, ["attn"]));
    }

    [Theory]
    [InlineData(1, "", true)]
    [InlineData(0, "", false)]
    [InlineData(1, "layers", true)]
    [InlineData(1, "h", false)]
    public void Layers_are_the_number_after_the_name_of_the_list(int layer, string pattern, bool fits)
    {
        var targets = ModuleTargets.Of("q_proj") with
        {
            Layers = [layer],
            LayerPatterns = pattern.Length == 0
            ? []
            : [pattern]
        };

        Assert.Equal(fits, targets.Matches(Query, isPlainLinear: true, []));
    }

    [Fact]
    public void The_number_of_an_expert_is_not_that_of_a_layer() => Assert.True(
        (ModuleTargets.Of("w1") with { Layers = [2] }).Matches(
            "model.layers.2.mlp.experts.0.w1", isPlainLinear: true, []));

    [Theory]
    [InlineData("q_proj", 1)]
    [InlineData(@"layers\.1\.self_attn\.q_proj", 1)]
    [InlineData("^model.layers.1.self_attn.q_proj", 1)]
    [InlineData("^layers.1.self_attn.q_proj", 9)]
    [InlineData("proj", 9)]
    [InlineData("self_attn", 9)]
    public void A_pattern_of_ranks_fits_whole_parts_of_a_name_at_its_end(string pattern, int value) =>
        Assert.Equal(value, ModuleTargets.First([new NamePattern<int>(pattern, 1)], Query, otherwise: 9));

    [Fact]
    public void The_first_pattern_that_fits_counts() =>
        Assert.Equal(1, ModuleTargets.First(
            [new NamePattern<int>("k_proj", 0), new("q_proj", 1), new(".*", 2)], Query, otherwise: 9));

    [Fact]
    public void What_is_no_regular_expression_is_told() => Assert.Equal(
        "adapter: a pattern of module names must be a regular expression that ends in time, got \"^(?:()$\": "
        + "Invalid pattern '^(?:()$' at offset 7. Not enough )'s.",
        Assert.Throws<CheckpointException>(
            () => new ModuleTargets { Pattern = "(" }.Matches(Query, isPlainLinear: true, [])).Message);
}
