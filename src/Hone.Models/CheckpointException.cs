namespace Hone.Models;

/// <summary>A model folder or one of its files cannot be used. The message says where, what must hold, what was found,
/// and what to do.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The whole text: <c>where: what must hold, what was found; what to do</c>.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error on top of the one that caused it.</summary>
    /// <param name="message">The whole text: <c>where: what must hold, what was found; what to do</c>.</param>
    /// <param name="cause">What was thrown below.</param>
    public CheckpointException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
