using Hone.Evaluation.Tasks;

namespace Hone.Evaluation.Tests.Tasks;

public sealed class ArithmeticProblemTests
{
    [Fact]
    public void A_problem_is_worked_out_from_left_to_right()
    {
        var problem = ArithmeticProblem.Of([7, 8, 2, 3], ['+', '-', '+']);

        Assert.Equal("7+8-2+3=", problem.Prompt);
        Assert.Equal("<think>7+8=15;15-2=13;13+3=16</think>16", problem.Trace);
        Assert.Equal("16", problem.Answer);
        Assert.Equal("7+8-2+3;7+8=15;15-2=13;13+3=16", problem.Calculation);
    }

    [Fact]
    public void An_unknown_operator_is_refused() => Assert.Equal(
        "operators: must be + or -, got *",
        Assert.Throws<ArgumentException>(() => ArithmeticProblem.Of([1, 2], ['*'])).Message);
}
