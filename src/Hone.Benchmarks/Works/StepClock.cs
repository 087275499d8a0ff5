using Hone.Benchmarks.Machine;
using Hone.Training.Progress;

namespace Hone.Benchmarks.Works;

/// <summary>
/// Times the steps of a training run, each from the end of the step before to its own end, loading included.
/// </summary>
internal sealed class StepClock(TimeProvider time) : ITrainingObserver
{
    private readonly List<double> _seconds = [];
    private readonly List<StepReport> _steps = [];
    private long _last = time.GetTimestamp();

    /// <summary>
    /// Seconds from the start of the run to its first step: what a method computes for all steps at once.
    /// </summary>
    public double PreparationSeconds { get; private set; }

    /// <summary>Seconds of each step.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>What each step did.</summary>
    public IReadOnlyList<StepReport> Steps => _steps;

    /// <summary>The most memory that the process held up to the end of the last step.</summary>
    public long? PeakBytes { get; private set; }

    public void Started(RunStart start) => _last = time.GetTimestamp();

    public void Phase(StepPhase phase)
    {
    }

    public void Stepped(StepReport step)
    {
        var seconds = time.GetElapsedTime(_last).TotalSeconds;
        if (_steps.Count == 0)
        {
            (PreparationSeconds, seconds) = (seconds - step.Seconds, step.Seconds);
        }

        _seconds.Add(seconds);
        _steps.Add(step);
        PeakBytes = PeakMemory.Read();
        _last = time.GetTimestamp();
    }

    public void Evaluated(EvaluationReport evaluation)
    {
    }

    public void Saved(int step, string path)
    {
    }
}
