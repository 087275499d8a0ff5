using System.Text.Json;

namespace Hone.Text;

/// <summary>What people write for a variable of a chat template.</summary>
public static class TemplateVariable
{
    /// <summary>The value of a text: what it is as JSON (<c>false</c>, <c>3</c>, <c>["a"]</c>), where it is that; else
    /// the text itself.</summary>
    public static JsonElement Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
