using System.Text;
using System.Text.Json;

namespace Hone.Text.Unicode;

/// <summary>Halves of surrogate pairs, which JSON can spell (<c>\ud800</c>) and no text can hold.</summary>
public static class LoneSurrogates
{
    /// <summary>The first text of a JSON file that has one, as it is spelt there; null where there is none.</summary>
    /// <param name="json">The file, in UTF-8.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string? FindIn(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.ValueIsEscaped
                && !IsText(in reader))
            {
                return Encoding.UTF8.GetString(reader.ValueSpan);
            }
        }

        return null;
    }

    private static bool IsText(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
