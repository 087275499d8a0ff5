using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Text;

/// <summary>Turns as chat templates see them.</summary>
internal static class MessageJson
{
    /// <summary>The fields of reasoning, the first of which that is there counts.</summary>
    private static readonly string[] Reasoning = ["reasoning_content", "thinking", "reasoning"];

    /// <summary>The turns as a JSON list.</summary>
    /// <remarks>As transformers does: fields that are null are left out, and reasoning is to be found under
    /// <c>reasoning_content</c> and <c>thinking</c>, whatever the data call it.</remarks>
    public static JsonArray Of(IEnumerable<Message> messages) => [.. messages.Select(message => (JsonNode)Of(message))];

    private static JsonObject Of(Message message)
    {
        if (message.Fields is not { } fields)
        {
            return new JsonObject { ["role"] = message.Role, ["content"] = message.Content };
        }

        var turn = new JsonObject();
        foreach (var field in fields.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
        {
            turn[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        }

        if (Reasoning.FirstOrDefault(turn.ContainsKey) is { } name)
        {
            turn["reasoning_content"] = turn[name]!.DeepClone();
            turn.TryAdd("thinking", turn[name]!.DeepClone());
        }

        return turn;
    }
}
