using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>Trains.</summary>
internal interface ITraining
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">The recipe, with all that it names.</param>
    /// <param name="resume">Whether to go on after the newest checkpoint.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="cancel">Asks to stop.</param>
    public TrainingResult Run(LocatedRecipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel);
}
