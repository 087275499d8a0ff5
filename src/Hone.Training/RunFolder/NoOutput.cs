using Hone.Training.Checkpoints;
using Hone.Training.Metrics;
using Hone.Training.Progress;

namespace Hone.Training;

/// <summary>Writes nothing, as ranks other than 0 do: the run folder is rank 0's.</summary>
/// <param name="path">The run folder as the recipe names it.</param>
internal sealed class NoOutput(string path) : IRunOutput
{
    public string FinalPath => Path.Combine(path, "final");

    public CheckpointSearch Find(bool resume) => new(null, []);

    public void Begin(RunRecord record, int lastStep)
    {
    }

    public void Write(int step, MetricSet metrics)
    {
    }

    public void Write(TrainingSample sample)
    {
    }

    public string Save(int step, Action<CheckpointFolder> write) => path;

    public void WriteFinal(Action<string> write)
    {
    }

    public void Dispose()
    {
    }
}
