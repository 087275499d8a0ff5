using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)] // k→s, e→i, +g
    [InlineData("ab", "ba", 1)] // one swap
    [InlineData("beta", "beta", 0)]
    [InlineData("abcdef", "badcfe", 3)] // three swaps
    public void Distance_counts_insertions_removals_replacements_and_swaps(string first, string second, int distance)
    {
        Assert.Equal(distance, NearestName.Distance(first, second));
        Assert.Equal(distance, NearestName.Distance(second, first));
    }

    [Fact]
    public void The_nearest_name_is_offered() =>
        Assert.Equal("clip_norm", NearestName.Of("clipnorm", ["epsilon", "clip_norm", "clip_low"]));

    [Fact]
    public void Nothing_is_offered_when_nothing_is_near() => Assert.Null(NearestName.Of("banana", ["k1", "epsilon"]));

    [Fact]
    public void A_word_is_not_near_when_every_letter_of_it_would_change() => Assert.Null(NearestName.Of("xy", ["k1"]));
}
