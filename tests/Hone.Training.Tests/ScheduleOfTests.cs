using Hone.Training.Tests.Recipes;

namespace Hone.Training.Tests;

public sealed class ScheduleOfTests
{
    /// <summary>10 steps at 0.1, of which 2 warm up: the middle of the fall of linear and cosine is step 6 (counted
    /// from 0), that of the last 4 steps is step 8.</summary>
    [Theory]
    [InlineData("{kind: constant}", 0, 0.1)]
    [InlineData("{kind: constant, warmup_steps: 2}", 0, 0)]
    [InlineData("{kind: constant, warmup_steps: 2}", 1, 0.05)]
    [InlineData("{kind: constant, warmup_steps: 2}", 9, 0.1)]
    [InlineData("{kind: linear, warmup_steps: 2}", 1, 0.05)]
    [InlineData("{kind: linear, warmup_steps: 2}", 2, 0.1)]
    [InlineData("{kind: linear, warmup_steps: 2}", 6, 0.05)] // 1 − 4/8
    [InlineData("{kind: cosine, warmup_steps: 2}", 6, 0.05)] // (1 + cos π/2)/2
    [InlineData("{kind: cosine, warmup_steps: 2, min_ratio: 0.1}", 6, 0.055)] // 0.01 + 0.09/2
    [InlineData("{kind: cosine, warmup_steps: 2, min_ratio: 0.1}", 10, 0.01)]
    [InlineData("{kind: wsd, warmup_steps: 2, decay_steps: 4}", 1, 0.05)]
    [InlineData("{kind: wsd, warmup_steps: 2, decay_steps: 4}", 6, 0.1)]
    [InlineData("{kind: wsd, warmup_steps: 2, decay_steps: 4, decay: linear}", 7, 0.075)] // 1 − 1/4
    [InlineData("{kind: wsd, warmup_steps: 2, decay_steps: 4, decay: linear, min_ratio: 0.1}", 8, 0.055)] // 0.1 + 0.9/2
    [InlineData("{kind: wsd, warmup_steps: 2, decay_steps: 4}", 7, 0.0853553391)] // (1 + cos π/4)/2
    [InlineData("{kind: wsd, warmup_steps: 2, decay_steps: 4, decay: square_root}", 8, 0.0292893219)] // 1 − √½
    public void The_rate_of_a_step_is_that_of_the_schedule_the_recipe_names(string schedule, int step, double rate)
    {
        var recipe =
            RecipeTexts.Read(RecipeTexts.Sft, "steps=10", "optimizer.learning_rate=0.1", $"schedule={schedule}");

        Assert.Equal(rate, ScheduleOf.Recipe(recipe).Rate(step), 1e-9);
    }
}
