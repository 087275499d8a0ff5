using Hone.Torch;
using Hone.Training.Progress;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

/// <summary>Keeps what a run tells, and asks it to stop where a test wants.</summary>
internal sealed class Recorder : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public CancellationToken Cancel => _stop.Token;

    /// <summary>The number of done steps after which to stop; 0 for never.</summary>
    public int StopAfter { get; init; }

    /// <summary>The phase in which to stop, as soon as it is heard of.</summary>
    public (int Step, PhaseKind Kind)? StopIn { get; init; }

    public RunStart? Start { get; private set; }

    public List<StepReport> Steps { get; } = [];

    public List<EvaluationReport> Evaluations { get; } = [];

    public List<int> SavedSteps { get; } = [];

    /// <summary>Tensors that were alive at the end of each step.</summary>
    public List<long> LiveTensors { get; } = [];

    /// <summary>Runs a recipe in one process, to its end or to where it is to stop.</summary>
    public TrainingResult Run(Recipe recipe, bool resume = false)
    {
        using var scope = TensorScope.Open();
        return new Trainer(TimeProvider.System).Run(recipe, resume, this, Cancel);
    }

    public void Started(RunStart start) => Start = start;

    public void Phase(StepPhase phase)
    {
        if (StopIn == (phase.Step, phase.Kind))
        {
            _stop.Cancel();
        }
    }

    public void Stepped(StepReport step)
    {
        Steps.Add(step);
        LiveTensors.Add(TorchRuntime.LiveTensors);
        if (step.Step == StopAfter)
        {
            _stop.Cancel();
        }
    }

    public void Evaluated(EvaluationReport evaluation) => Evaluations.Add(evaluation);

    public void Saved(int step, string path) => SavedSteps.Add(step);

    public void Dispose() => _stop.Dispose();
}
