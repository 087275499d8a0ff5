using System.Text.Json;

namespace Hone.Text;

/// <summary>A turn of a conversation.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c> or what else the template knows.</param>
/// <param name="Content">What is said, as text; empty where the turn says nothing in words.</param>
public sealed record Message(string Role, string Content)
{
    /// <summary>The turn as its file has it, where that is more than a role and a text: calls of tools, reasoning, a
    /// list of parts.</summary>
    public JsonElement? Fields { get; init; }

    /// <summary>Whether the model speaks, so that the turn is trained.</summary>
    public bool IsAssistant => Role == "assistant";
}
