using Hone.Text.Gguf;

namespace Hone.Models.Gguf;

/// <summary>Collects the keys of a GGUF file that is to be written.</summary>
/// <param name="architecture">What the keys of the architecture begin with.</param>
internal sealed class GgufMetadata(string architecture)
{
    private readonly OrderedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    /// <summary>All keys, in the order in which they were set.</summary>
    public IReadOnlyDictionary<string, GgufValue> Values => _values;

    /// <summary>Sets a key of the architecture to a whole number.</summary>
    public void Count(string key, long value) => Set($"{architecture}.{key}", value);

    /// <summary>Sets a key of the architecture to a number in single precision.</summary>
    public void Number(string key, double value) =>
        _values[$"{architecture}.{key}"] = new GgufValue.Real(GgufValueType.Float32, (float)value);

    /// <summary>Sets a key of the architecture to a text.</summary>
    public void Text(string key, string value) => Set($"{architecture}.{key}", value);

    /// <summary>Sets a key of the architecture to true or false.</summary>
    public void Flag(string key, bool value) => Set($"{architecture}.{key}", value);

    /// <summary>Sets any key to a whole number.</summary>
    public void Set(string key, long value) => _values[key] = new GgufValue.Whole(GgufValueType.UInt32, value);

    /// <summary>Sets any key to a text.</summary>
    public void Set(string key, string value) => _values[key] = new GgufValue.Text(value);

    /// <summary>Sets any key to true or false.</summary>
    public void Set(string key, bool value) => _values[key] = new GgufValue.Whole(GgufValueType.Bool, value ? 1 : 0);

    /// <summary>Sets any key.</summary>
    public void Set(string key, GgufValue value) => _values[key] = value;
}
