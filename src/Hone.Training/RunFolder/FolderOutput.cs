using Hone.Training.Checkpoints;
using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>Writes a run into its folder.</summary>
/// <param name="recipe">The run's recipe.</param>
/// <param name="folder">Its folder; this object disposes of it.</param>
/// <param name="time">The clock of the logs.</param>
internal sealed class FolderOutput(Recipe recipe, RunFolder folder, TimeProvider time) : IRunOutput
{
    private RunLog? _log;

    public string FinalPath => folder.FinalPath;

    private RunLog Log => _log ?? throw new InvalidOperationException("the run has not begun");

    public CheckpointSearch Find(bool resume) =>
        resume ? folder.Checkpoints.FindNewest() : new CheckpointSearch(null, []);

    public void Begin(RunRecord record, int lastStep)
    {
        folder.Add(record);
        _log = folder.OpenLog(recipe, lastStep, time);
    }

    public void Write(int step, MetricSet metrics) => Log.Write(step, metrics);

    public void Write(TrainingSample sample) => Log.Write(sample);

    public string Save(int step, Action<CheckpointFolder> write) => folder.Checkpoints.Save(step, write);

    public void WriteFinal(Action<string> write) => folder.WriteFinal(write);

    public void Dispose()
    {
        _log?.Dispose();
        folder.Dispose();
    }
}
