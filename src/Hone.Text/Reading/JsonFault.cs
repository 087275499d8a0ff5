using System.Text.Json;

namespace Hone.Text.Reading;

/// <summary>Says what is wrong with a text that should be JSON.</summary>
public static class JsonFault
{
    /// <summary>What was found, to stand after <c>must be JSON, but</c>; with what to do where that is known.</summary>
    /// <param name="json">The text, in UTF-8.</param>
    /// <param name="fault">Why it could not be read.</param>
    public static string Describe(ReadOnlySpan<byte> json, JsonException fault) => fault.LineNumber switch
    {
        null => Repeats(RepeatedName(json)),
        _ when IsCutOff(json) =>
            $"ends in line {json.Count((byte)'\n') + 1} before it is whole; copy or download it again",
        { } line => $"line {line + 1} is not (byte {fault.BytePositionInLine})",
    };

    /// <summary>What was found where an object has a name twice, to stand after <c>must be JSON, but</c>.</summary>
    public static string Repeats(string? name) => $"\"{name}\" stands twice in one object";

    /// <summary>A name that one of the objects has twice; null where there is none.</summary>
    /// <param name="json">The text, in UTF-8.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string? RepeatedName(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var open = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when reader.GetString() is { } name && !open.Peek().Add(name):
                    return name;
            }
        }

        return null;
    }

    // Whether the text is the beginning of some JSON.
    private static bool IsCutOff(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
            }

            return reader.CurrentDepth > 0
                || reader.TokenType is JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
