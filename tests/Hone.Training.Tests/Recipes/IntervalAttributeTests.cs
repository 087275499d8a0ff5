using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes;

public sealed class IntervalAttributeTests
{
    [Theory]
    [InlineData("[0, 1)", 0, true)]
    [InlineData("[0, 1)", 1, false)]
    [InlineData("(0, 1]", 0, false)]
    [InlineData("(0, 1]", 1, true)]
    [InlineData("(0, ∞)", 1e300, true)]
    [InlineData("(-∞, 0]", -1e300, true)]
    [InlineData("[0.5, 2]", 0.4, false)]
    public void Square_brackets_include_their_end_and_round_ones_do_not(string notation, double value, bool inside) =>
        Assert.Equal(inside, new IntervalAttribute(notation).Contains(value));

    [Theory]
    [InlineData("0, 1")]
    [InlineData("[0]")]
    public void A_notation_that_is_no_interval_is_a_bug_of_ours(string notation) =>
        Assert.Equal(
            $"interval: must look like \"[0, 1)\", got \"{notation}\"",
            Assert.Throws<FormatException>(() => new IntervalAttribute(notation)).Message);
}
