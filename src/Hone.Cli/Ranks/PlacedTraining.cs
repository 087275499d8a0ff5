using Hone.Cli.Training;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Progress;
using Hone.Training.Ranks;

namespace Hone.Cli.Ranks;

/// <summary>The trainer as the rank that the environment gives to this process.</summary>
/// <param name="place">Its place.</param>
internal sealed class PlacedTraining(RankPlace place) : ITraining
{
    /// <inheritdoc/>
    public TrainingResult Run(LocatedRecipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel)
    {
        using var compute = new ComputeThread();
        return compute.Run(() =>
        {
            using var group = place.Join(cancel);
            return GroupTraining.Run(group, recipe, resume, observer, cancel);
        });
    }
}
