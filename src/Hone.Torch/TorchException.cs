namespace Hone.Torch;

/// <summary>
/// The tensor engine could not do what was asked: a shape or dtype that an operator refuses, a library that is missing.
/// </summary>
/// <param name="message">Where, what must hold, what was found, and what to do.</param>
public sealed class TorchException(string message) : Exception(message);
