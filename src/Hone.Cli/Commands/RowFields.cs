using System.Text.Json;
using Hone.Data;

namespace Hone.Cli.Commands;

/// <summary>Takes fields out of rows whose shape only a command knows.</summary>
internal static class RowFields
{
    /// <summary>A field that must be a text; it may be empty.</summary>
    /// <exception cref="DataException">It is missing or something else.</exception>
    public static string Text(DataRecord record, string name)
    {
        if (!record.Fields.TryGetProperty(name, out var value))
        {
            throw new DataException(record.At, $"\"{name}\" is missing; {Has(record)}");
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new DataException(record.At, $"\"{name}\" must be a string, got {value.GetRawText()}");
    }

    /// <summary>A field that must be a list of token ids, or null where the row has none of this name.</summary>
    /// <exception cref="DataException">It is something else.</exception>
    public static int[]? Tokens(DataRecord record, string name)
    {
        if (!record.Fields.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new DataException(record.At, $"\"{name}\" must be a list of token ids, got {value.GetRawText()}");
        }

        return [.. value.EnumerateArray().Select((item, index) => Token(record, $"\"{name}\"[{index}]", item))];
    }

    /// <summary><c>this line has "text", "label"</c>.</summary>
    public static string Has(DataRecord record)
    {
        var names = record.Fields.EnumerateObject().Select(field => $"\"{field.Name}\"").ToList();
        return $"this line has {(names is [] ? "no field" : string.Join(", ", names))}";
    }

    private static int Token(DataRecord record, string place, JsonElement item) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var id)
            ? id
            : throw new DataException(record.At, $"{place} must be a token id, got {item.GetRawText()}");
}
