namespace Hone.Text;

/// <summary>Which chat template is used, and what it is given where a conversation does not say.</summary>
public sealed record ChatTemplateChoice
{
    /// <summary>The model's usual template, which is given nothing more.</summary>
    public static ChatTemplateChoice Usual { get; } = new();

    /// <summary>The name of a template that the model comes with, such as <c>rag</c>, or a file; empty for the usual
    /// one: <c>default</c>, and <c>tool_use</c> with tools.</summary>
    public string Template { get; init; } = "";

    /// <summary>What is given to conversations that bring none of their own: tools, documents, and each variable
    /// alone.</summary>
    public ConversationInputs Defaults { get; init; } = new();
}
