using Hone.Text;

namespace Hone.Data;

/// <summary>A prompt or a completion: raw text, or the messages of a conversation.</summary>
public abstract record RowContent
{
    private protected RowContent()
    {
    }
}

/// <summary>Raw text, used as it stands.</summary>
/// <param name="Text">The text; a prompt may be empty.</param>
public sealed record PlainText(string Text) : RowContent;

/// <summary>Messages, to be written by a chat template.</summary>
/// <param name="Messages">At least one.</param>
public sealed record Dialogue(IReadOnlyList<Message> Messages) : RowContent
{
    /// <summary>What the template is given beside the messages; null for nothing.</summary>
    public ConversationInputs? Inputs { get; init; }
}
