namespace Hone.Data.Hub;

/// <summary>A repository of the hub cannot be used, in words that say which, what must hold, what was found, and what
/// to do.</summary>
public sealed class HubException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The whole text.</param>
    /// <param name="isTransient">Whether the same may work later, with nothing changed.</param>
    /// <param name="cause">What was thrown below, where something was.</param>
    public HubException(string message, bool isTransient = false, Exception? cause = null)
        : base(message, cause) => IsTransient = isTransient;

    /// <summary>Whether the same may work later, with nothing changed: the network failed, or the server did.</summary>
    public bool IsTransient { get; }

    /// <summary>Whether an answer began and broke off, so that asking once more is worth while.</summary>
    internal bool IsBroken { get; init; }
}
