using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes;

public sealed class RecipeComparisonTests
{
    [Fact]
    public void Differences_are_told_by_key_whatever_their_depth_and_nothing_is_as_good_as_empty() => Assert.Equal(
        ["b.c: was 2, is 3", "d.1: was y, is absent", "f: was absent, is 1"],
        RecipeComparison.Differences("a: 1\nb: {c: 2}\nd: [x, y]\ne: []", "a: 1\nb: {c: 3}\nd: [x]\nf: 1"));

    [Fact]
    public void The_name_of_a_section_stands_for_its_keys() =>
        Assert.Equal(
            ["logs: was 1, is 2"],
            RecipeComparison.Differences(
                "log: {a: 1}\nlogs: 1\nsteps: 1", "log: {a: 2}\nlogs: 2\nsteps: 2", "log", "steps"));
}
