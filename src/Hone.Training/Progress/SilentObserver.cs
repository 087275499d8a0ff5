namespace Hone.Training.Progress;

/// <summary>Hears nothing.</summary>
public sealed class SilentObserver : ITrainingObserver
{
    /// <inheritdoc/>
    public void Started(RunStart start)
    {
    }

    /// <inheritdoc/>
    public void Phase(StepPhase phase)
    {
    }

    /// <inheritdoc/>
    public void Stepped(StepReport step)
    {
    }

    /// <inheritdoc/>
    public void Evaluated(EvaluationReport evaluation)
    {
    }

    /// <inheritdoc/>
    public void Saved(int step, string path)
    {
    }
}
