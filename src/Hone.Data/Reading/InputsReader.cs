using System.Text.Json;
using Hone.Text;

namespace Hone.Data;

/// <summary>Reads what a row gives to the chat template beside its messages: the columns <c>tools</c>, <c>documents</c>
/// and <c>chat_template_kwargs</c>.</summary>
internal static class InputsReader
{
    /// <summary>The inputs of a row; null where it has none of the columns.</summary>
    /// <exception cref="DataException">A column holds something else.</exception>
    public static ConversationInputs? Read(DataRecord record)
    {
        var (tools, documents) = (List(record, "tools"), List(record, "documents"));
        var variables = Column(record, "chat_template_kwargs");
        if (variables is { ValueKind: not JsonValueKind.Object } other)
        {
            throw new DataException(
                record.At, $"\"chat_template_kwargs\" must be an object, got {JsonText.Describe(other)}");
        }

        return tools is null && documents is null && variables is null ? null : new ConversationInputs
        {
            Tools = tools,
            Documents = documents,
            Variables = variables?.EnumerateObject()
                .ToDictionary(field => field.Name, field => field.Value.Clone(), StringComparer.Ordinal) ?? [],
        };
    }

    private static JsonElement? List(DataRecord record, string name) => Column(record, name) switch
    {
        null => null,
        // Data sets whose columns have one type each keep tools as text.
        { ValueKind: JsonValueKind.String } text => Objects(record, name, Parsed(record, name, text.GetString()!)),
        { } list => Objects(record, name, list),
    };

    /// <summary>A list of objects; null where it is empty.</summary>
    private static JsonElement? Objects(DataRecord record, string name, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new DataException(record.At, $"\"{name}\" must be a list, got {JsonText.Describe(list)}");
        }

        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw new DataException(
                    record.At, $"\"{name}[{index}]\" must be an object, got {JsonText.Describe(item)}");
            }
        }

        return list.GetArrayLength() == 0 ? null : list.Clone();
    }

    private static JsonElement Parsed(DataRecord record, string name, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new DataException(
                record.At,
                $"\"{name}\" must be a list or its JSON text, got \"{text[..Math.Min(text.Length, 40)]}\"");
        }
    }

    private static JsonElement? Column(DataRecord record, string name) =>
        record.Fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
