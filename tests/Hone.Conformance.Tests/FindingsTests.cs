using Hone.Conformance.Checking;

namespace Hone.Conformance.Tests;

public sealed class FindingsTests
{
    private readonly Findings _findings = new();

    [Fact]
    public void A_number_may_differ_by_its_share_and_the_absolute_part()
    {
        _findings.Close("x", 100, 100.9, new Tolerance(0.01));
        _findings.Close("y", 100, 101.4, new Tolerance(0.01, 0.5));
        Assert.Empty(_findings.Failures);

        _findings.Close("z", 100, 101.6, new Tolerance(0.01, 0.5));
        Assert.Equal(
            ["z: expected 100, got 101.6, difference 1.6, tolerance 0.01 relative + 0.5 absolute"], _findings.Failures);
    }

    [Fact]
    public void The_scale_may_be_that_of_the_whole_tensor()
    {
        // 1 % of the largest element, 100, is 1 everywhere
        _findings.Close("x", [100.0, 0.001], [100.5, 0.9], new Tolerance(0.01, OfLargest: true));
        Assert.Empty(_findings.Failures);

        _findings.Close("y", [100.0, 0.0], [100.5, 1.1], new Tolerance(0.01, OfLargest: true));
        Assert.Equal(
            ["y[1]: expected 0, got 1.1, difference 1.1, tolerance 0.01 of the largest element"], _findings.Failures);
    }

    [Fact]
    public void The_worst_element_is_shown_and_the_others_counted()
    {
        _findings.Close("x", [1.0, 2.0, 3.0], [1.1, 2.5, 3.0], Tolerance.Exact);

        Assert.Equal(
            ["x[1]: expected 2, got 2.5, difference 0.5, tolerance exact (worst of 2 among 3)"], _findings.Failures);
    }

    [Theory]
    [InlineData(double.NaN, double.NaN, true)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, false)]
    [InlineData(double.NaN, 1, false)]
    [InlineData(1, double.NaN, false)]
    [InlineData(1, double.PositiveInfinity, false)]
    public void What_is_not_finite_equals_only_itself(double expected, double got, bool close)
    {
        _findings.Close("x", expected, got, new Tolerance(1, 1));

        Assert.Equal(close, _findings.Failures is []);
    }

    [Fact]
    public void Lengths_must_agree()
    {
        _findings.Close("x", [1.0], [1.0, 2.0], new Tolerance(1));
        _findings.SameList("y", [1], new[] { 1, 2 });

        Assert.Equal(["x: expected 1 numbers, got 2", "y: expected 1 elements, got 2"], _findings.Failures);
    }

    [Fact]
    public void Lists_are_compared_element_by_element()
    {
        _findings.SameList("ids", ["a", "b"], new[] { "a", "c" });
        _findings.Same("id", 3, 3);

        Assert.Equal(["ids[1]: expected \"b\", got \"c\", tolerance exact"], _findings.Failures);
    }
}
