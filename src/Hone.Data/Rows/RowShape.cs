namespace Hone.Data;

/// <summary>What the rows of a source are.</summary>
public enum RowShape
{
    /// <summary>Told from the columns of the first row.</summary>
    Auto,

    /// <summary><see cref="TextRow"/>: a column <c>text</c>.</summary>
    Text,

    /// <summary><see cref="PromptCompletionRow"/>: columns <c>prompt</c> and <c>completion</c>.</summary>
    PromptCompletion,

    /// <summary><see cref="ConversationRow"/>: a column <c>messages</c> (or <c>conversations</c>).</summary>
    Conversation,

    /// <summary><see cref="PromptRow"/>: a column <c>prompt</c>; all other columns are kept by name.</summary>
    Prompt,

    /// <summary><see cref="PreferenceRow"/>: columns <c>chosen</c> and <c>rejected</c>, and <c>prompt</c> where these
    /// do not begin with it.</summary>
    Preference,
}
