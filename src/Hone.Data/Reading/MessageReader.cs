using System.Text.Json;
using Hone.Text;

namespace Hone.Data;

/// <summary>Reads the messages of a conversation: <c>role</c> and <c>content</c> as most data sets write them, or
/// <c>from</c> and <c>value</c> as ShareGPT does, whose <c>human</c> is the user and <c>gpt</c> the
/// assistant.</summary>
public static class MessageReader
{
    /// <summary>Reads records that are the messages of one conversation.</summary>
    /// <exception cref="DataException">One is no message.</exception>
    public static IReadOnlyList<Message> Read(IEnumerable<DataRecord> records) =>
        [.. records.Select((record, index) => Of(record.At, $"messages[{index}]", record.Fields))];

    /// <summary>Reads a list of messages.</summary>
    /// <param name="at">Where its row begins.</param>
    /// <param name="column">What errors call it.</param>
    /// <param name="list">A JSON array.</param>
    /// <exception cref="DataException">An item is no message.</exception>
    public static IReadOnlyList<Message> Read(SourceLine at, string column, JsonElement list)
    {
        var messages = new List<Message>(list.GetArrayLength());
        foreach (var message in list.EnumerateArray())
        {
            var where = $"{column}[{messages.Count}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                throw new DataException(
                    at, $"\"{where}\" must be an object with role and content, got {JsonText.Describe(message)}");
            }

            messages.Add(Of(at, where, message));
        }

        return messages;
    }

    private static Message Of(SourceLine at, string where, JsonElement message) =>
        message.TryGetProperty("from", out _) && !message.TryGetProperty("role", out _)
            ? new Message(Role(String(at, where, message, "from")), String(at, where, message, "value"))
            : Turn(at, where, message);

    /// <summary>A turn whose content may be a list of parts, or nothing where the turn calls tools: then all of its
    /// fields are kept for the template.</summary>
    private static Message Turn(SourceLine at, string where, JsonElement message)
    {
        var role = Role(String(at, where, message, "role"));
        var content = message.TryGetProperty("content", out var found) ? found.ValueKind : JsonValueKind.Undefined;
        var calls = message.TryGetProperty("tool_calls", out var list) && list.ValueKind == JsonValueKind.Array;
        var text = content == JsonValueKind.Array || (calls && content is JsonValueKind.Undefined or JsonValueKind.Null)
            ? ""
            : String(at, where, message, "content");
        var isPlain = message.EnumerateObject().All(field =>
            field.Name is "role" or "content" || field.Value.ValueKind == JsonValueKind.Null);
        return new Message(role, text) { Fields = isPlain && content == JsonValueKind.String ? null : message.Clone() };
    }

    private static string Role(string name) => name switch
    {
        "human" => "user",
        "gpt" => "assistant",
        _ => name,
    };

    private static string String(SourceLine at, string where, JsonElement message, string name) =>
        !message.TryGetProperty(name, out var value)
            ? throw new DataException(at, $"\"{where}.{name}\" is missing; this message has {JsonText.Names(message)}")
            : value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new DataException(at, $"\"{where}.{name}\" must be a string, got {JsonText.Describe(value)}");
}
