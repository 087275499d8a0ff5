using Hone.Data;
using Hone.Evaluation.Tasks;

namespace Hone.Evaluation.Tests.Tasks;

public sealed class ArithmeticTaskTests
{
    private static readonly ArithmeticPart[] TrainingParts = [ArithmeticPart.Calculations, ArithmeticPart.Traces,
        ArithmeticPart.Practice];

    [Fact]
    public void Held_out_problems_are_disjoint_from_every_training_part_under_every_seed()
    {
        ulong[] seeds = [1, 2, 3];
        var tasks = seeds.Select(seed => new ArithmeticTask(new ArithmeticOptions(), seed)).ToList();
        var heldOut = tasks.SelectMany(task => task.Draw(ArithmeticPart.HeldOut, 600))
            .Select(problem => problem.Expression).ToHashSet();
        var trained = tasks.SelectMany(task => TrainingParts.SelectMany(part => task.Draw(part, 3000))).Select(
            problem => problem.Expression);

        Assert.DoesNotContain(trained, heldOut.Contains);
    }

    [Fact]
    public void Problems_of_a_part_are_different_and_stay_in_range()
    {
        var options = new ArithmeticOptions { Operands = 3, SmallestOperand = 1, LargestOperand = 5, LargestTotal = 9 };

        var problems = new ArithmeticTask(options, 1).Draw(ArithmeticPart.Practice, 150);

        Assert.Equal(150, problems.Select(problem => problem.Expression).Distinct().Count());
        Assert.All(problems, problem =>
        {
            Assert.Matches("^[1-5][+-][1-5][+-][1-5]$", problem.Expression);
            Assert.Matches(@"^\d[+-][1-5]=\d;\d[+-][1-5]=\d$", problem.Steps);
        });
    }

    [Fact]
    public void The_share_held_out_is_the_one_asked_for()
    {
        // of 3,000 problems a share of 0.3 ± 4·√(0.3·0.7/3000) = 0.0335 is held out
        var task = new ArithmeticTask(new ArithmeticOptions { HeldOutShare = 0.3 }, 1);
        var unfiltered =
            new ArithmeticTask(new ArithmeticOptions { HeldOutShare = 1e-12 }, 1).Draw(ArithmeticPart.Practice, 3000);

        Assert.InRange(unfiltered.Count(task.IsHeldOut) / 3000.0, 0.3 - 0.0335, 0.3 + 0.0335);
    }

    [Fact]
    public void The_same_seed_draws_the_same_problems_and_more_of_them_go_on_from_there()
    {
        var few = new ArithmeticTask(new ArithmeticOptions(), 7).Draw(ArithmeticPart.Traces, 20);
        var many = new ArithmeticTask(new ArithmeticOptions(), 7).Draw(ArithmeticPart.Traces, 50);

        Assert.Equal(few, many.Take(20));
        Assert.NotEqual(few, new ArithmeticTask(new ArithmeticOptions(), 8).Draw(ArithmeticPart.Traces, 20));
    }

    [Fact]
    public void More_problems_than_there_are_is_an_error()
    {
        // 2 numbers and 2 operators: 2·(2·2)² = 32 problems at most
        var task =
            new ArithmeticTask(new ArithmeticOptions { Operands = 3, SmallestOperand = 1, LargestOperand = 2 }, 1);

        var error = Assert.Throws<DataException>(() => task.Draw(ArithmeticPart.Practice, 40));

        Assert.Matches(
            @"^task: must have 40 different problems for Practice, 8000 draws found \d+; ask for fewer, or widen the task$", error.Message);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_told_at_once()
    {
        var options = new ArithmeticOptions
        {
            Operands = 2,
            SmallestOperand = 5,
            LargestOperand = 4,
            LargestTotal = 3,
            HeldOutShare = 1,
        };

        Assert.Equal(
            [
                "operands: must be at least 3, so that a problem is more than a single calculation, got 2",
                "largest_operand: must be at least smallest_operand (5), got 4",
                "largest_total: must be at least largest_operand (4), got 3",
                "held_out_share: must be between 0 and 1, got 1",
            ],
            options.Problems());
    }
}
