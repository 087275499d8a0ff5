namespace Hone.Training.Progress;

/// <summary>A row as the model saw or answered it; a line of <c>samples.jsonl</c>.</summary>
/// <param name="Step">The step it belongs to; 0 for an evaluation before the first.</param>
/// <param name="Prompt">What was given, as text.</param>
/// <param name="Completion">What was trained on or answered, as text.</param>
/// <param name="Rewards">Each reward by name; null where one does not apply.</param>
/// <param name="Reward">Their weighted sum; null in supervised training.</param>
/// <param name="Advantage">How much better than its group it was; null in supervised training.</param>
public sealed record TrainingSample(
    int Step,
    string Prompt,
    string Completion,
    IReadOnlyDictionary<string, double?> Rewards,
    double? Reward,
    double? Advantage);
