using Hone.Torch;
using Hone.Training.Progress;

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
