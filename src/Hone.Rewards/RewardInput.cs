using System.Text.Json;

namespace Hone.Rewards;

/// <summary>An answer to judge.</summary>
/// <param name="Prompt">What was given, as text.</param>
/// <param name="Answer">The answer as text, without special tokens.</param>
/// <param name="Tokens">The answer's tokens, the one that stopped it included, <c>[answer]</c>.</param>
/// <param name="Columns">Every other column of the prompt's row by name.</param>
public sealed record RewardInput(
    string Prompt, string Answer, IReadOnlyList<int> Tokens, IReadOnlyDictionary<string, JsonElement> Columns)
{
    /// <summary>A column's value as text; null where the row has no such column or it holds null.</summary>
    public string? Text(string column) => Columns.TryGetValue(column, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        }
        : null;
}
