using Hone.Training;

namespace Hone.Cli.Training;

/// <summary>Looks at a recipe before anything is computed.</summary>
internal interface IPlanning
{
    /// <summary>Works out what follows from it.</summary>
    /// <param name="recipe">The recipe, with all that it names.</param>
    /// <param name="ranks">How many processes of this machine are to train together.</param>
    public TrainingPlan Plan(LocatedRecipe recipe, int ranks);
}
