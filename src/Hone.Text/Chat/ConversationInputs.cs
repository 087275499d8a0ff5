using System.Text.Json;

namespace Hone.Text;

/// <summary>What a chat template is given beside the turns.</summary>
public sealed record ConversationInputs
{
    private static readonly Dictionary<string, JsonElement> Nothing = [];

    /// <summary>The tools that the model may call: a list of JSON schemas; null for none.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Documents to answer from: a list of objects with <c>title</c> and <c>text</c>; null for none.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>Further variables by name, such as <c>enable_thinking</c>; they come before all others.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = Nothing;

    /// <summary>These inputs, replaced by what <paramref name="other"/> gives.</summary>
    public ConversationInputs With(ConversationInputs? other) => other is null ? this : new ConversationInputs
    {
        Tools = other.Tools ?? Tools,
        Documents = other.Documents ?? Documents,
        Variables = Variables.Count == 0
            ? other.Variables
            : Variables.Concat(other.Variables)
                .GroupBy(pair => pair.Key, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal),
    };
}
