using Hone.Text.Gguf;

namespace Hone.Models.Gguf;

/// <summary>The keys of a GGUF file that belong to its architecture, by their names without its own.</summary>
internal sealed class GgufKeys(GgufHeader header, string architecture)
{
    /// <summary>The whole header.</summary>
    public GgufHeader Header => header;

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key) => header.Has(Full(key));

    /// <summary>Whether the tensor is there.</summary>
    public bool HasTensor(string name) => header.Find(name) is not null;

    /// <summary>A positive whole number, the same for all layers where the file has one for each.</summary>
    /// <exception cref="FormatException">It is missing or something else.</exception>
    public int Count(string key) => Whole(key) switch
    {
        null => throw new FormatException($"has no {Full(key)}"),
        > 0 and var count => count,
        var other => throw new FormatException($"has {other} as {Full(key)}, which must be positive"),
    };

    /// <summary>The same, or another number where the key is absent.</summary>
    public int Count(string key, int absent) => Has(key) ? Count(key) : absent;

    /// <summary>A number.</summary>
    /// <exception cref="FormatException">It is missing or something else.</exception>
    public double Number(string key) =>
        header.Number(Full(key)) is { } value && double.IsFinite(value)
            ? value : throw new FormatException($"has no finite number as {Full(key)}");

    /// <summary>The same, or another number where the key is absent.</summary>
    public double Number(string key, double absent) => Has(key) ? Number(key) : absent;

    /// <summary>A text, or another where the key is absent.</summary>
    public string Text(string key, string absent) => header.Text(Full(key)) ?? absent;

    private int? Whole(string key)
    {
        if (header.Metadata.GetValueOrDefault(Full(key)) is not GgufValue.Numbers)
        {
            return header.Int(Full(key));
        }

        double[] each = [.. header.Numbers(Full(key))!.Distinct()];
        return each is [var same and >= 0 and < int.MaxValue]
            ? (int)same
            : throw new FormatException($"has layers that differ in {Full(key)}, which is not supported");
    }

    private string Full(string key) => $"{architecture}.{key}";
}
