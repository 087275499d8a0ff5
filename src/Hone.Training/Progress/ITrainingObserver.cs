namespace Hone.Training.Progress;

/// <summary>
/// Is told what happens in a run as it happens. Calls come from the thread that trains, one at a time.
/// </summary>
public interface ITrainingObserver
{
    /// <summary>The run begins, or goes on after a checkpoint.</summary>
    public void Started(RunStart start);

    /// <summary>A step has a new phase; long ones repeat it with how far they are.</summary>
    public void Phase(StepPhase phase);

    /// <summary>A step is done.</summary>
    public void Stepped(StepReport step);

    /// <summary>The model was evaluated.</summary>
    public void Evaluated(EvaluationReport evaluation);

    /// <summary>A checkpoint is complete.</summary>
    public void Saved(int step, string path);
}
