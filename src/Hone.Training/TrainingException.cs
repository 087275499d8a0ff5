namespace Hone.Training;

/// <summary>
/// A run cannot go on, through no fault of its recipe's form: a gradient that is not finite, a reward that throws.
/// </summary>
/// <param name="message">Where, what must hold, what was found, and what to do.</param>
public sealed class TrainingException(string message) : Exception(message);
