using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Files;

/// <summary>The fields of a PEFT configuration, which are all to be read: one that is left over and says something is
/// refused.</summary>
/// <param name="fields">The fields.</param>
internal sealed class PeftFields(ConfigFields fields)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>What the file is called in messages.</summary>
    public string Where => fields.Where;

    /// <summary>A count, or another value where the field is absent or null.</summary>
    public int Count(string name, int absent) => fields.Count(Note(name), absent);

    /// <summary>A count.</summary>
    public int Count(string name) => fields.Count(Note(name));

    /// <summary>An integer from 0, or another value where the field is absent or null.</summary>
    public int Natural(string name, int absent) =>
        !fields.Has(Note(name)) ? absent : fields.Integer(name) is >= 0 and var number ? number : throw fields.Wrong(
            name, "an integer from 0", fields.Integer(name));

    /// <summary>An integer, or another value where the field is absent or null.</summary>
    public int Integer(string name, int absent) => fields.Has(Note(name)) ? fields.Integer(name) : absent;

    /// <summary>A number, or another value where the field is absent or null.</summary>
    public double Number(string name, double absent) => fields.Number(Note(name), absent);

    /// <summary>A probability, or 0 where the field is absent or null.</summary>
    public double Rate(string name) =>
        Number(name, 0) is >= 0 and < 1 and var rate ? rate : throw fields.Wrong(
            name, "a number in [0, 1)", Number(name, 0));

    /// <summary>True or false, or another value where the field is absent or null.</summary>
    public bool Flag(string name, bool absent) => fields.Flag(Note(name), absent);

    /// <summary>A text, or null where the field is absent or null.</summary>
    public string? Text(string name) => fields.Has(Note(name)) ? fields.Text(name) : null;

    /// <summary>Texts, of which one alone may stand without brackets; empty where the field is absent or
    /// null.</summary>
    public ValueList<string> Texts(string name) => Node(name) switch
    {
        JsonValue => [fields.Text(name)],
        _ => [.. fields.Texts(name) ?? []],
    };

    /// <summary>Integers, of which one alone may stand without brackets; empty where the field is absent or
    /// null.</summary>
    public ValueList<int> Integers(string name) => [.. fields.Integers(Note(name))];

    /// <summary>The value itself, or null.</summary>
    public JsonNode? Node(string name) => fields.Copy()[Note(name)];

    /// <summary>The error of a field whose value does not fit.</summary>
    public CheckpointException Wrong(string name, string expected) => fields.Wrong(name, expected, Node(name));

    /// <summary>The modules that are meant.</summary>
    public ModuleTargets Targets() => new()
    {
        Names = Node("target_modules") is JsonArray ? Texts("target_modules") : [],
        Pattern = Node("target_modules") is JsonValue ? Text("target_modules") : Missing("target_modules"),
        ExcludedNames = Node("exclude_modules") is JsonArray ? Texts("exclude_modules") : [],
        ExcludedPattern = Node("exclude_modules") is JsonValue ? Text("exclude_modules") : null,
        Layers = Node("layers_to_transform") is null ? null : Integers("layers_to_transform"),
        LayerPatterns = Texts("layers_pattern"),
    };

    /// <summary>Values by patterns of module names, in the order of the file.</summary>
    public ValueList<NamePattern<T>> Patterns<T>(string name, Func<double, T> convert)
    {
        if (Node(name) is not { } node)
        {
            return [];
        }

        var values = node as JsonObject ?? throw Wrong(name, "an object of numbers");
        return
        [
            .. values.Select(value => value.Value is JsonValue number && number.TryGetValue(out double found)
                ? new NamePattern<T>(value.Key, convert(found))
                : throw Wrong(name, "an object of numbers")),
        ];
    }

    /// <summary>Which biases are trained.</summary>
    /// <param name="own">What the library calls "those of the adapted modules" for this kind, such as
    /// <c>lora_only</c>.</param>
    public BiasTraining Bias(string own) => Text("bias") switch
    {
        null or "none" => BiasTraining.None,
        "all" => BiasTraining.All,
        var name when name == own => BiasTraining.LoraOnly,
        _ => throw Wrong("bias", $"none, all or {own}"),
    };

    /// <summary>Takes note of fields that change nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Note(name);
        }
    }

    /// <summary>Refuses every field that was not read and says something: anything but null, false, 0 and what is
    /// empty.</summary>
    /// <exception cref="CheckpointException">There is one.</exception>
    public void RefuseRest()
    {
        var left = fields.Copy().FirstOrDefault(field => !_read.Contains(field.Key) && Says(field.Value));
        if (left.Key is not null)
        {
            throw new CheckpointException(
                $"{Where}: \"{left.Key}\" must be unset, got {left.Value!.ToJsonString()}; "
                + "this option of the library is not offered");
        }
    }

    private static bool Says(JsonNode? value) => value switch
    {
        null => false,
        JsonArray list => list.Count > 0,
        JsonObject inner => inner.Count > 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.False => false,
            JsonValueKind.Number => value.GetValue<double>() != 0,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            _ => true,
        },
    };

    private string? Missing(string name) =>
        fields.Has(name) ? null : throw new CheckpointException(
            $"{Where}: \"{name}\" is missing; the adapter cannot be placed without it");

    private string Note(string name)
    {
        _read.Add(name);
        return name;
    }
}
