using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Text.Reading;
using Hone.Text.Unicode;

namespace Hone.Models.Configuration;

/// <summary>The fields of a JSON object of a model folder, read with errors that name the file and the field.</summary>
public sealed class ConfigFields
{
    private const int MostLayers = 10_000;

    private readonly JsonObject _fields;

    /// <summary>Wraps an object.</summary>
    /// <param name="fields">The object.</param>
    /// <param name="where">What it is called in messages: the file, and the object's name inside it where it is not the
    /// top.</param>
    public ConfigFields(JsonObject fields, string where)
    {
        _fields = fields;
        Where = where;
    }

    /// <summary>What the object is called in messages.</summary>
    public string Where { get; }

    /// <summary>Parses a file's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="where">The file.</param>
    /// <exception cref="CheckpointException">It is not a JSON object.</exception>
    public static ConfigFields Parse(string json, string where)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        try
        {
            if (LoneSurrogates.FindIn(bytes) is { } broken)
            {
                throw new CheckpointException(
                    $"{where}: texts must be Unicode, \"{broken}\" has half of a surrogate pair");
            }

            // The parser's own check of repeated names loads the system's cryptography to hash them.
            if (JsonFault.RepeatedName(bytes) is { } name)
            {
                throw new CheckpointException($"{where}: must be JSON, but {JsonFault.Repeats(name)}");
            }

            return JsonNode.Parse(json) is JsonObject fields
                ? new ConfigFields(fields, where)
                : throw new CheckpointException($"{where}: must be a JSON object, found another kind of value");
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{where}: must be JSON, but {JsonFault.Describe(bytes, e)}", e);
        }
    }

    /// <summary>A copy of all fields as they stand in the file.</summary>
    public JsonObject Copy() => (JsonObject)_fields.DeepClone();

    /// <summary>Whether the field is there and not null.</summary>
    /// <param name="name">The field.</param>
    public bool Has(string name) => _fields[name] is not null;

    /// <summary>The object in a field, or null where it is absent or null.</summary>
    /// <param name="name">The field.</param>
    public ConfigFields? Object(string name) => _fields[name] switch
    {
        null => null,
        JsonObject inner => new ConfigFields(inner, $"{Where}: {name}"),
        var other => throw Wrong(name, "an object", other),
    };

    /// <summary>A count: a positive integer.</summary>
    /// <param name="name">The field.</param>
    public int Count(string name) =>
        Integer(name) is > 0 and var count ? count : throw Wrong(name, "a positive integer", _fields[name]);

    /// <summary>A count, or another value where the field is absent or null.</summary>
    /// <param name="name">The field.</param>
    /// <param name="absent">The value of an absent field.</param>
    public int Count(string name, int absent) => Has(name) ? Count(name) : absent;

    /// <summary>A count of layers, of which no model has very many.</summary>
    /// <param name="name">The field.</param>
    public int LayerCount(string name) =>
        Count(name) is <= MostLayers and var count
            ? count : throw Wrong(name, $"at most {MostLayers} layers", _fields[name]);

    /// <summary>An integer.</summary>
    /// <param name="name">The field.</param>
    public int Integer(string name) =>
        Required(name) is JsonValue value && value.TryGetValue(out int number)
            ? number : throw Wrong(name, "an integer", _fields[name]);

    /// <summary>A number.</summary>
    /// <param name="name">The field.</param>
    public double Number(string name) =>
        Required(name) is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, "a number", _fields[name]);

    /// <summary>A number, or another value where the field is absent or null.</summary>
    /// <param name="name">The field.</param>
    /// <param name="absent">The value of an absent field.</param>
    public double Number(string name, double absent) => Has(name) ? Number(name) : absent;

    /// <summary>True or false, or another value where the field is absent or null.</summary>
    /// <param name="name">The field.</param>
    /// <param name="absent">The value of an absent field.</param>
    public bool Flag(string name, bool absent) => _fields[name] switch
    {
        null => absent,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        var other => throw Wrong(name, "true or false", other),
    };

    /// <summary>A text.</summary>
    /// <param name="name">The field.</param>
    public string Text(string name) =>
        Required(name) is JsonValue value && value.TryGetValue(out string? text)
            ? text : throw Wrong(name, "a text", _fields[name]);

    /// <summary>A text, or another where the field is absent or null.</summary>
    /// <param name="name">The field.</param>
    /// <param name="absent">The value of an absent field.</param>
    public string Text(string name, string absent) => Has(name) ? Text(name) : absent;

    /// <summary>A list of numbers.</summary>
    /// <param name="name">The field.</param>
    public double[] Numbers(string name)
    {
        var list = Required(name) as JsonArray ?? throw Wrong(name, "a list of numbers", _fields[name]);
        return [.. list.Select(item => item is JsonValue value && value.TryGetValue(out double number)
            ? number
            : throw Wrong(name, "a list of numbers", list))];
    }

    /// <summary>
    /// A list of integers, of which one alone may stand without brackets; empty where the field is absent or null.
    /// </summary>
    /// <param name="name">The field.</param>
    public int[] Integers(string name)
    {
        JsonNode?[] items = _fields[name] switch
        {
            null => [],
            JsonArray list => [.. list],
            var single => [single],
        };
        return [.. items.Select(item => item is JsonValue value && value.TryGetValue(out int number)
            ? number
            : throw Wrong(name, "an integer or a list of them", _fields[name]))];
    }

    /// <summary>A list of texts, or null where the field is absent or null.</summary>
    /// <param name="name">The field.</param>
    public string[]? Texts(string name) => _fields[name] switch
    {
        null => null,
        JsonArray list => [.. list.Select(item => item is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw Wrong(name, "a list of texts", list))],
        var other => throw Wrong(name, "a list of texts", other),
    };

    /// <summary>The error of a field whose value does not fit.</summary>
    /// <param name="name">The field.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="found">What it is.</param>
    public CheckpointException Wrong(string name, string expected, object? found) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Where}: \"{name}\" must be {expected}, got {Show(found)}"));

    private static string Show(object? value) => value switch
    {
        null => "null",
        JsonNode node => node.ToJsonString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private JsonNode Required(string name) =>
        _fields[name]
            ?? throw new CheckpointException($"{Where}: \"{name}\" is missing; the model cannot be built without it");
}
