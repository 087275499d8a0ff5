using System.Text.Json;

namespace Hone.Conformance.Goldens;

/// <summary>A value inside a record, which knows its place, so that a missing one is named.</summary>
/// <remarks>NaN and infinities are the strings <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>, as the goldens'
/// conventions say.</remarks>
/// <param name="Json">The value.</param>
/// <param name="At">Where it stands, for messages: <c>inputs.advantages</c>.</param>
public readonly record struct Field(JsonElement Json, string At)
{
    /// <summary>The field <paramref name="name"/>, which must be there.</summary>
    /// <exception cref="GoldenException">It is missing.</exception>
    public Field this[string name] => Find(name)
        ?? throw new GoldenException($"{Place(name)}: the check needs this field, the record lacks it");

    /// <summary>Whether the value is the JSON <c>null</c>.</summary>
    public bool IsNull => Json.ValueKind == JsonValueKind.Null;

    /// <summary>The value as a number.</summary>
    public double Number => Json.ValueKind switch
    {
        JsonValueKind.Number => Json.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => Json.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new GoldenException($"{At}: must be a number, got \"{other}\""),
        },
        var kind => throw new GoldenException($"{At}: must be a number, got {kind}"),
    };

    /// <summary>The value as an integer.</summary>
    public long Whole => Json.ValueKind == JsonValueKind.Number && Json.TryGetInt64(out var value)
        ? value
        : throw new GoldenException($"{At}: must be an integer, got {Json.GetRawText()}");

    /// <summary>The value as text.</summary>
    public string Text => Json.ValueKind == JsonValueKind.String
        ? Json.GetString()!
        : throw new GoldenException($"{At}: must be text, got {Json.ValueKind}");

    /// <summary>The value as a flag: true, false, 1 or 0.</summary>
    public bool Flag => Number != 0;

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<Field> Items
    {
        get
        {
            var at = At;
            return Json.ValueKind == JsonValueKind.Array
                ? [.. Json.EnumerateArray().Select((item, i) => new Field(item, $"{at}[{i}]"))]
                : throw new GoldenException($"{At}: must be a list, got {Json.ValueKind}");
        }
    }

    /// <summary>The fields of an object, in the order of the file.</summary>
    public IReadOnlyList<(string Name, Field Value)> Entries
    {
        get
        {
            var self = this;
            (string, Field) Entry(JsonProperty entry) => (entry.Name, new Field(entry.Value, self.Place(entry.Name)));
            return Json.ValueKind == JsonValueKind.Object
                ? [.. Json.EnumerateObject().Select(Entry)]
                : throw new GoldenException($"{At}: must be an object, got {Json.ValueKind}");
        }
    }

    /// <summary>The lengths of nested lists, outermost first. Empty for a scalar.</summary>
    public long[] Shape
    {
        get
        {
            var shape = new List<long>();
            for (var level = Json; level.ValueKind == JsonValueKind.Array; level = level[0])
            {
                shape.Add(level.GetArrayLength());
                if (level.GetArrayLength() == 0)
                {
                    break;
                }
            }

            return [.. shape];
        }
    }

    /// <summary>All numbers of nested lists, row-major. Rows of different lengths simply follow each other.</summary>
    public double[] Numbers
    {
        get
        {
            var values = new List<double>();
            Collect(this, values);
            return [.. values];
        }
    }

    /// <summary>The field <paramref name="name"/>, or null when the record has none. A JSON <c>null</c> is a
    /// field.</summary>
    public Field? Find(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value)
            ? new Field(value, Place(name))
            : null;

    /// <summary>The field <paramref name="name"/>, or null when it is missing or a JSON <c>null</c>.</summary>
    public Field? Value(string name) => Find(name) is { IsNull: false } value ? value : null;

    /// <summary>The number <paramref name="name"/>, or <paramref name="otherwise"/> when it is missing or a JSON
    /// <c>null</c>.</summary>
    public double NumberOr(string name, double otherwise) => Value(name)?.Number ?? otherwise;

    /// <summary>The text <paramref name="name"/>, or <paramref name="otherwise"/> when it is missing or a JSON
    /// <c>null</c>.</summary>
    public string TextOr(string name, string otherwise) => Value(name)?.Text ?? otherwise;

    /// <summary>The flag <paramref name="name"/>, or <paramref name="otherwise"/> when it is missing or a JSON
    /// <c>null</c>.</summary>
    public bool FlagOr(string name, bool otherwise) => Value(name)?.Flag ?? otherwise;

    private string Place(string name) => At.Length == 0 ? name : $"{At}.{name}";

    private static void Collect(Field field, List<double> values)
    {
        if (field.Json.ValueKind != JsonValueKind.Array)
        {
            values.Add(field.Number);
            return;
        }

        foreach (var item in field.Json.EnumerateArray())
        {
            Collect(new Field(item, field.At), values);
        }
    }
}
