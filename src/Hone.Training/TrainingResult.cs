namespace Hone.Training;

/// <summary>How a run ended.</summary>
/// <param name="Step">Steps that are done.</param>
/// <param name="Interrupted">Whether it was asked to stop before the last one; a checkpoint then holds all of
/// it.</param>
/// <param name="Folder">The folder to use next: the finished model, or the checkpoint.</param>
/// <param name="Metrics">The metrics of the last step and of the last evaluation.</param>
public sealed record TrainingResult(
    int Step, bool Interrupted, string Folder, IReadOnlyDictionary<string, double> Metrics);
