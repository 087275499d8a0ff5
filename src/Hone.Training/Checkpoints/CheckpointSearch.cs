namespace Hone.Training.Checkpoints;

/// <summary>What was found to go on from.</summary>
/// <param name="Newest">The newest checkpoint that is whole; null when there is none.</param>
/// <param name="Refused">Why newer ones cannot be used, each in words.</param>
public sealed record CheckpointSearch(SavedCheckpoint? Newest, IReadOnlyList<string> Refused);
