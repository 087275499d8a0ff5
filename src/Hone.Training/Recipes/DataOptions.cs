using Hone.Data;
using Hone.Text;

namespace Hone.Training.Recipes;

/// <summary>The rows of a run, and how they become tokens.</summary>
public sealed record DataOptions
{
    /// <summary>The rows to train on.</summary>
    public required DataSourceOptions Train { get; init; }

    /// <summary>The rows to evaluate on; without them nothing is evaluated.</summary>
    public DataSourceOptions? Eval { get; init; }

    /// <summary>The most tokens of one row, prompt and completion together.</summary>
    [Interval("[2, ∞)")]
    public int MaxLength { get; init; } = 512;

    /// <summary>What happens to rows that have more tokens. One that is left without a token to train is left
    /// out.</summary>
    public LongExamples LongRows { get; init; } = LongExamples.CutEnd;

    /// <summary>The chat template of rows that are messages: a file, or the name of one that the model comes with; by
    /// default the model's usual one. What is trained is saved with it.</summary>
    [FilePath]
    public string ChatTemplate { get; init; } = "";

    /// <summary>What the chat template is given where a row does not say, by name: <c>enable_thinking: false</c>. What
    /// is JSON is given as such, anything else as text.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplateKwargs { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the rows of each epoch are taken in an order drawn from the seed, or in that of the
    /// file.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The chat template and what it is given.</summary>
    public ChatTemplateChoice TemplateChoice() => new()
    {
        Template = ChatTemplate,
        Defaults = ChatTemplateKwargs.Count == 0 ? new ConversationInputs() : new ConversationInputs
        {
            Variables = ChatTemplateKwargs.ToDictionary(
                pair => pair.Key, pair => TemplateVariable.Read(pair.Value), StringComparer.Ordinal),
        },
    };
}
