using Hone.Training.Checkpoints;
using Hone.Training.Metrics;
using Hone.Training.Progress;

namespace Hone.Training;

/// <summary>Where what a run gives goes.</summary>
internal interface IRunOutput : IDisposable
{
    /// <summary>The folder of the finished model.</summary>
    public string FinalPath { get; }

    /// <summary>What there is to go on from.</summary>
    /// <param name="resume">Whether the run goes on at all.</param>
    public CheckpointSearch Find(bool resume);

    /// <summary>Begins to write, behind the steps that are done.</summary>
    /// <param name="record">What the run runs on.</param>
    /// <param name="lastStep">The step of the checkpoint that the run goes on from; −1 to begin anew.</param>
    public void Begin(RunRecord record, int lastStep);

    /// <summary>Writes the metrics of a step.</summary>
    public void Write(int step, MetricSet metrics);

    /// <summary>Writes a sample.</summary>
    public void Write(TrainingSample sample);

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    /// <returns>Its folder.</returns>
    public string Save(int step, Action<CheckpointFolder> write);

    /// <summary>Writes the finished model, whole or not at all.</summary>
    public void WriteFinal(Action<string> write);
}
