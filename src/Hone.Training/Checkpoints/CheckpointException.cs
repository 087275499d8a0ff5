namespace Hone.Training.Checkpoints;

/// <summary>A checkpoint of a run cannot be written or used. The message says where, what must hold, what was found, and what to do.</summary>
/// <param name="message">The whole text.</param>
/// <param name="cause">What was thrown below, if anything was.</param>
public sealed class CheckpointException(string message, Exception? cause = null) : Exception(message, cause);
