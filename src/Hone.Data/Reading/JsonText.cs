using System.Text.Json;

namespace Hone.Data;

/// <summary>How errors show a JSON value.</summary>
internal static class JsonText
{
    private const int LongestShown = 60;

    /// <summary>The value itself if it is short, else its kind and beginning.</summary>
    public static string Describe(JsonElement value)
    {
        var text = value.GetRawText();
        return value.ValueKind switch
        {
            _ when text.Length <= LongestShown => text,
            JsonValueKind.Array => $"an array of {value.GetArrayLength()} elements",
            JsonValueKind.Object => $"an object with {Names(value)}",
            _ => $"{text[..LongestShown]}…",
        };
    }

    /// <summary>The names of an object's fields, quoted, at most a dozen.</summary>
    public static string Names(JsonElement fields)
    {
        var names = fields.EnumerateObject().Take(13).Select(field => $"\"{field.Name}\"").ToList();
        return names.Count switch
        {
            0 => "no fields",
            13 => $"{string.Join(", ", names.Take(12))} and more",
            _ => string.Join(", ", names),
        };
    }
}
