using Hone.Algorithms.Ranks;

namespace Hone.Algorithms.Tests.Ranks;

public sealed class RankBudgetTests
{
    private static readonly RankBudget Budget = new()
    {
        Initial = 36,
        Target = 18,
        WarmUp = 5,
        Final = 10,
        Interval = 2,
        Total = 30,
    };

    [Theory]
    [InlineData(0, 36, false)]
    [InlineData(5, 36, false)]
    [InlineData(6, 32, true)] // 18·(1 − 1/15)³ + 18 = 32.6
    [InlineData(7, 29, false)] // 18·(13/15)³ + 18 = 29.7; every second step alone
    [InlineData(19, 18, false)] // 18·(1/15)³ + 18 = 18.005
    [InlineData(20, 18, true)]
    [InlineData(21, 18, true)]
    public void The_budget_falls_by_a_cube_between_warm_up_and_end(long step, int ranks, bool prunes) =>
        Assert.Equal((ranks, prunes), Budget.At(step));

    [Fact]
    public void Ranks_settle_even_where_no_pruning_is_due() =>
        Assert.Equal((18, true), (Budget with { Interval = 7 }).At(20));
}
