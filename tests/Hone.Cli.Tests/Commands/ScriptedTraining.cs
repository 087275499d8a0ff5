using Hone.Cli.Tests.Training;
using Hone.Cli.Training;
using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Tests.Commands;

/// <summary>Tells of two steps, and stops after the first when it is asked to.</summary>
internal sealed class ScriptedTraining(Action? afterFirst = null) : ITraining, IPlanning
{
    public bool Resumed { get; private set; }

    public TrainingPlan Plan(LocatedRecipe recipe, int ranks) => Reports.Plan with { Ranks = ranks };

    public TrainingResult Run(LocatedRecipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel)
    {
        Resumed = resume;
        observer.Started(new RunStart(Reports.Plan with { Warnings = [] }, 0, 2));
        observer.Stepped(Reports.Step(1, loss: 2));
        afterFirst?.Invoke();
        if (cancel.IsCancellationRequested)
        {
            return new TrainingResult(1, Interrupted: true, "run/checkpoints/step-1", new Dictionary<string, double>());
        }

        observer.Stepped(Reports.Step(2, loss: 1));
        return new TrainingResult(2, Interrupted: false, "run/final", new Dictionary<string, double>());
    }
}
