using Hone.Text.Reading;

namespace Hone.Text.Gguf;

/// <summary>Finds the text of the chat template that a model folder comes with.</summary>
internal static class ChatTemplateText
{
    /// <summary>The template in a file of its own, or else in <c>tokenizer_config.json</c>; null where there is none.</summary>
    public static string? Find(string folder)
    {
        var alone = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(alone))
        {
            return File.ReadAllText(alone);
        }

        var settings = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(settings) || JsonPart.Open(settings).Find("chat_template") is not { } template)
        {
            return null;
        }

        return template.Element.ValueKind == System.Text.Json.JsonValueKind.Array
            ? template.Items().FirstOrDefault(named => named.Text("name") == "default") is { Name: not null } usual ? usual.Text("template") : null
            : template.Text();
    }
}
