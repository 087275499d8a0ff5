namespace Hone.Text;

/// <summary>A turn of a conversation.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c> or what else the template knows.</param>
/// <param name="Content">What is said.</param>
public sealed record Message(string Role, string Content)
{
    /// <summary>Whether the model speaks, so that the turn is trained.</summary>
    public bool IsAssistant => Role == "assistant";
}
