using Hone.Torch;
using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>The trainer, on the one thread that computes.</summary>
internal sealed class ComputedTraining : ITraining, IPlanning
{
    /// <inheritdoc/>
    public TrainingPlan Plan(LocatedRecipe recipe, int ranks)
    {
        using var compute = new ComputeThread();
        return compute.Run(() => new Trainer(TimeProvider.System).Plan(recipe, ranks));
    }

    /// <inheritdoc/>
    public TrainingResult Run(LocatedRecipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel)
    {
        using var compute = new ComputeThread();
        return compute.Run(() => new Trainer(TimeProvider.System).Run(recipe, resume, observer, cancel));
    }
}
