namespace Hone.Torch;

/// <summary>The processes of a run cannot go on together: one is missing, has ended, or says that it failed.</summary>
/// <param name="message">Which rank, what must hold, what was found, and what to do.</param>
public sealed class ProcessGroupException(string message) : Exception(message);
