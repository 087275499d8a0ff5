using Hone.Algorithms.Schedules;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>The learning-rate schedule that a recipe names.</summary>
public static class ScheduleOf
{
    /// <summary>The rate of each step of a run, counted from 0.</summary>
    public static ILearningRateSchedule Recipe(Recipe recipe)
    {
        var peak = recipe.Optimizer.LearningRate;
        var warmUp = recipe.Schedule.WarmupSteps;
        return recipe.Schedule switch
        {
            ConstantScheduleOptions => new ConstantSchedule(peak, warmUp),
            LinearScheduleOptions => new LinearSchedule(peak, warmUp, recipe.Steps),
            CosineScheduleOptions cosine =>
                new CosineSchedule(peak, warmUp, recipe.Steps) { Lowest = peak * cosine.MinRatio },
            WsdScheduleOptions wsd =>
                new WarmUpStableDecaySchedule(peak, warmUp, recipe.Steps - wsd.ShapedSteps, wsd.DecaySteps)
                {
                    LowestShare = wsd.MinRatio,
                    Fall = wsd.Decay switch
                    {
                        DecayCurve.Linear => Ramp.Linear,
                        DecayCurve.Cosine => Ramp.Cosine,
                        DecayCurve.SquareRoot => Ramp.OneMinusSquareRoot,
                        _ => throw new ArgumentOutOfRangeException(nameof(recipe), wsd.Decay, "unknown curve"),
                    },
                },
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Schedule, "unknown schedule"),
        };
    }
}
