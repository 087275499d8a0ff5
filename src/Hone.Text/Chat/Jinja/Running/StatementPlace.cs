namespace Hone.Text.Chat.Jinja;

/// <summary>Where statements stand.</summary>
/// <param name="IsTop">Whether what they set is known to the blocks of the template.</param>
/// <param name="IsInLoop">Whether a loop can be left from here.</param>
/// <param name="IsSoft">Whether they stand in an <c>if</c>, so that an unknown filter is a fault only when it is
/// used.</param>
internal readonly record struct StatementPlace(bool IsTop, bool IsInLoop, bool IsSoft)
{
    /// <summary>The same place, inside of something that has a scope of its own.</summary>
    public StatementPlace Inside() => this with { IsTop = false, IsSoft = false };
}
