using System.Text.Json;
using Hone.Text;

namespace Hone.Data;

/// <summary>One row of a data set, its shape known and checked.</summary>
/// <param name="At">Where it begins.</param>
public abstract record Row(SourceLine At)
{
    /// <summary>Whether it holds messages, which a chat template writes.</summary>
    public bool HasMessages => this is ConversationRow
        or PromptCompletionRow { Prompt: Dialogue }
        or PromptRow { Prompt: Dialogue }
        or PreferenceRow { Chosen: Dialogue };
}

/// <summary>Text to learn as a whole.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Text">The text, not empty.</param>
public sealed record TextRow(SourceLine At, string Text) : Row(At);

/// <summary>A prompt and what should follow it.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Prompt">What is given; raw text may be empty.</param>
/// <param name="Completion">What should follow, not empty, of the same kind as the prompt.</param>
public sealed record PromptCompletionRow(SourceLine At, RowContent Prompt, RowContent Completion) : Row(At);

/// <summary>A conversation whose assistant turns are to be learnt.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Messages">At least one.</param>
public sealed record ConversationRow(SourceLine At, IReadOnlyList<Message> Messages) : Row(At)
{
    /// <summary>What the template is given beside the messages; null for nothing.</summary>
    public ConversationInputs? Inputs { get; init; }
}

/// <summary>A prompt to answer, with whatever else the row says of it: its gold answer, its difficulty.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Prompt">What is given; raw text may be empty.</param>
/// <param name="Columns">Every other column by name, in the file's order.</param>
public sealed record PromptRow(SourceLine At, RowContent Prompt, IReadOnlyDictionary<string, JsonElement> Columns)
    : Row(At);

/// <summary>Two answers to one prompt, of which the first is preferred.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Prompt">What is given; raw text may be empty.</param>
/// <param name="Chosen">The better answer, of the same kind as the prompt.</param>
/// <param name="Rejected">The worse one.</param>
public sealed record PreferenceRow(SourceLine At, RowContent Prompt, RowContent Chosen, RowContent Rejected) : Row(At);
