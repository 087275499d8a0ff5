using System.Text.Json;

namespace Hone.Models.Checkpoints;

/// <summary>Turns the JSON of a header into entries and refuses what does not follow the format.</summary>
internal sealed class SafetensorsHeaderParser
{
    private const string MetadataName = "__metadata__";
    private readonly string _where;
    private readonly List<SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    private SafetensorsHeaderParser(string where) => _where = where;

    public IReadOnlyList<SafetensorsEntry> Entries => _entries;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public IReadOnlyList<string> Warnings => _warnings;

    public static SafetensorsHeaderParser Parse(ReadOnlySpan<byte> json, string where)
    {
        var parser = new SafetensorsHeaderParser(where);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            parser.ReadAll(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{where}: the header must be JSON, the header is not JSON: {e.Message}", e);
        }

        return json[(int)reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n"u8)
            ? throw new CheckpointException(
                $"{where}: only blanks may follow the header's JSON, there are characters after the JSON")
            : parser;
    }

    private void ReadAll(ref Utf8JsonReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        while (NextProperty(ref reader, out var name))
        {
            if (!names.Add(name))
            {
                throw Broken($"names must be unique, there is tensor \"{name}\" twice");
            }

            if (name == MetadataName)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                _entries.Add(ReadEntry(ref reader, name));
            }
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            _warnings.Add($"{_where}: metadata should be an object, it is null");
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Broken($"metadata must be an object of strings, metadata is {Kind(reader.TokenType)}");
        }

        while (NextProperty(ref reader, out var key))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Broken($"metadata values must be strings, metadata \"{key}\" is {Kind(reader.TokenType)}");
            }

            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Broken($"metadata keys must be unique, there is \"{key}\" twice");
            }
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Broken($"entries must be objects, \"{name}\" is {Kind(reader.TokenType)}");
        }

        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        var fields = new HashSet<string>(StringComparer.Ordinal);
        while (NextProperty(ref reader, out var field))
        {
            if (!fields.Add(field))
            {
                throw Broken($"fields must be unique, \"{name}\" has field \"{field}\" twice");
            }

            reader.Read();
            switch (field)
            {
                case "dtype":
                    type = ReadType(ref reader, name);
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, "shape", "dimension");
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, name, "data_offsets", "offset");
                    break;
                default:
                    _warnings.Add($"{_where}: \"{name}\" has the unknown field \"{field}\"");
                    reader.Skip();
                    break;
            }
        }

        if (offsets is { Length: not 2 })
        {
            throw Broken($"\"{name}\" must have two offsets, there are {offsets.Length}");
        }

        return new SafetensorsEntry(
            name, type ?? throw Missing(name, "dtype"), shape ?? throw Missing(name, "shape"),
            (offsets ?? throw Missing(name, "data_offsets"))[0], offsets[1]);
    }

    private SafetensorsType ReadType(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw Broken($"\"{name}\" must have a dtype in text, it is {Kind(reader.TokenType)}");
        }

        var text = reader.GetString()!;
        return SafetensorsTypes.TryParse(text, out var type)
            ? type
            : throw Broken(
                $"\"{name}\" must have a dtype of the format such as F32 or BF16, it has the unknown dtype \"{text}\"");
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field, string item)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Broken($"\"{name}\" must have a list as {field}, {field} is {Kind(reader.TokenType)}");
        }

        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
            {
                throw Broken($"\"{name}\" must have integers in {field}, one of them is {Kind(reader.TokenType)}");
            }

            if (!reader.TryGetInt64(out var number))
            {
                throw Broken($"\"{name}\" must have integers below 2^63 in {field}, "
                    + $"{item} {System.Text.Encoding.UTF8.GetString(reader.ValueSpan)} is not an integer of that "
                    + "range");
            }

            numbers.Add(number >= 0
                ? number
                : throw Broken($"\"{name}\" must not have negative numbers in {field}, {item} {number} is negative"));
        }

        return [.. numbers];
    }

    private static bool NextProperty(ref Utf8JsonReader reader, out string name)
    {
        reader.Read();
        var more = reader.TokenType == JsonTokenType.PropertyName;
        name = more ? reader.GetString()! : "";
        return more;
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private CheckpointException Missing(string name, string field) =>
        Broken($"\"{name}\" must have dtype, shape and data_offsets, it has no {field}");

    private CheckpointException Broken(string rule) => new($"{_where}: {rule}; the file is damaged");
}
