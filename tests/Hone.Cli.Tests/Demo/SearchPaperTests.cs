using Hone.Cli.Demo;
using Hone.Evaluation;

namespace Hone.Cli.Tests.Demo;

public sealed class SearchPaperTests
{
    // Two problems of three samples. The first: right, wrong, wrong; the second: all wrong.
    private static readonly SearchPaper Paper = new(
    [
        new SearchedProblem([true, false, false], [-0.1, -0.2, -0.3], IsMajorityRight: false, IsChoiceRight: true),
        new SearchedProblem([false, false, false], [-0.3, -0.2, -0.1], IsMajorityRight: false, IsChoiceRight: false),
    ]);

    [Fact]
    public void Each_rule_has_its_own_accuracy()
    {
        Assert.Equal(new Accuracy(0, 2), Paper.Majority);
        Assert.Equal(new Accuracy(1, 2), Paper.BestOfN);
        Assert.Equal(new Accuracy(1, 2), Paper.Oracle);
    }

    [Fact]
    public void Curves_are_over_all_subsets_of_the_samples()
    {
        // One of 1: a third of the first problem's samples, halved by the second problem: 1/6. Of 2: pairs with the
        // right one are 2 of 3.
        // The surest of a pair is right where the right one is in it, as it is the surest of all: 2/3 as well.
        Assert.Equal([1 / 6.0, 1 / 3.0, 1 / 2.0], Paper.PassCurve([1, 2, 3]).Select(point => Math.Round(point.Y, 12)),
            (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal([1 / 6.0, 1 / 3.0, 1 / 2.0], Paper.BestOfNCurve([1, 2, 3]).Select(point => point.Y),
            (a, b) => Math.Abs(a - b) < 1e-9);
    }
}
