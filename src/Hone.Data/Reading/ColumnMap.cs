using System.Text.Json;
using Hone.Text;

namespace Hone.Data;

/// <summary>Finds our columns in a record under the names its file has for them, and reads them.</summary>
/// <param name="columns">The file's name by ours; several joined by <c>+</c>.</param>
internal sealed class ColumnMap(IReadOnlyDictionary<string, string> columns)
{
    private readonly Dictionary<string, string[]> _parts = columns.Count == 0 ? [] : columns.ToDictionary(
        pair => pair.Key,
        pair => pair.Value.Split('+', StringSplitOptions.TrimEntries));

    /// <summary>Whether the record has the column: all of it, if it is made of several.</summary>
    public bool Has(DataRecord record, string name) =>
        Parts(record, name).All(part => record.Fields.TryGetProperty(part, out _));

    /// <summary>Text that is not empty.</summary>
    public string Text(DataRecord record, string name) => Read(record, name) switch
    {
        (var column, var value) when value.ValueKind != JsonValueKind.String || value.ValueEquals(""u8) =>
            throw Unlike(record, column, "a non-empty string", value),
        (_, var value) => value.GetString()!,
    };

    /// <summary>Text or messages.</summary>
    public RowContent Content(DataRecord record, string name, bool mayBeEmpty)
    {
        if (Parts(record, name) is { Length: > 1 } parts)
        {
            return new PlainText(Joined(record, parts, mayBeEmpty));
        }

        var (column, value) = Read(record, name);
        return value.ValueKind switch
        {
            JsonValueKind.String when mayBeEmpty || !value.ValueEquals(""u8) => new PlainText(value.GetString()!),
            JsonValueKind.Array => new Dialogue(Messages(record, name)),
            _ => throw Unlike(
                record, column, $"a {(mayBeEmpty ? "" : "non-empty ")}string or a list of messages", value),
        };
    }

    /// <summary>Messages, at least one: <c>role</c> and <c>content</c>, or <c>from</c> and <c>value</c>.</summary>
    public IReadOnlyList<Message> Messages(DataRecord record, string name)
    {
        var (column, value) = Read(record, name);
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? MessageReader.Read(record.At, column, value)
            : throw Unlike(record, column, "a non-empty list of messages", value);
    }

    /// <summary>All columns that <paramref name="name"/> does not use, by the file's names.</summary>
    public IReadOnlyDictionary<string, JsonElement> Others(DataRecord record, string name)
    {
        var used = Parts(record, name);
        return record.Fields.EnumerateObject()
            .Where(field => !used.Contains(field.Name))
            .ToDictionary(field => field.Name, field => field.Value);
    }

    private static DataException Unlike(DataRecord record, string column, string wanted, JsonElement value) =>
        new(record.At, $"\"{column}\" must be {wanted}, got {JsonText.Describe(value)}");

    private static JsonElement Field(DataRecord record, string column) =>
        record.Fields.TryGetProperty(column, out var value)
            ? value
            : throw new DataException(
                record.At, $"\"{column}\" is missing; this row has {JsonText.Names(record.Fields)}");

    private string[] Parts(DataRecord record, string name) => _parts.GetValueOrDefault(name) switch
    {
        null => [name],
        { Length: > 1 } when record.Fields.TryGetProperty(columns[name], out _) => [columns[name]],
        var parts => parts,
    };

    private (string Column, JsonElement Value) Read(DataRecord record, string name)
    {
        var parts = Parts(record, name);
        return parts.Length == 1
            ? (parts[0], Field(record, parts[0]))
            : (columns[name], JsonSerializer.SerializeToElement(Joined(record, parts, mayBeEmpty: true)));
    }

    private static string Joined(DataRecord record, string[] parts, bool mayBeEmpty)
    {
        var lines = new List<string>();
        foreach (var part in parts)
        {
            var value = Field(record, part);
            var line = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.Null => "",
                _ => throw Unlike(record, part, "a string", value),
            };
            if (line.Length > 0)
            {
                lines.Add(line);
            }
        }

        return lines.Count > 0 || mayBeEmpty
            ? string.Join('\n', lines)
            : throw new DataException(record.At, $"\"{string.Join("\" and \"", parts)}\" must not all be empty");
    }
}
