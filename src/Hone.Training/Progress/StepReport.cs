namespace Hone.Training.Progress;

/// <summary>What one step did.</summary>
/// <param name="Step">The step, counted from 1.</param>
/// <param name="Metrics">Every metric by name, as it is written to <c>metrics.jsonl</c>.</param>
/// <param name="Samples">Some of what the step trained on or sampled.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Tokens">Tokens that went through the model in training.</param>
/// <param name="Times">Seconds of each phase.</param>
public sealed record StepReport(
    int Step,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<TrainingSample> Samples,
    double Seconds,
    long Tokens,
    IReadOnlyDictionary<PhaseKind, double> Times);
