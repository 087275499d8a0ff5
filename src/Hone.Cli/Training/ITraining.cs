using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>What can be done with a recipe.</summary>
internal interface ITraining
{
    /// <summary>Works out what follows from it.</summary>
    public TrainingPlan Plan(LocatedRecipe recipe);

    /// <summary>Runs it.</summary>
    /// <param name="recipe">The recipe, with all that it names.</param>
    /// <param name="resume">Whether to go on after the newest checkpoint.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="cancel">Asks to stop.</param>
    public TrainingResult Run(LocatedRecipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel);
}
