using System.Text.Json;
using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat.Jinja;

/// <summary>The chat templates of published models, as Jinja itself renders them, errors included.</summary>
public sealed class RealTemplateTests
{
    [Fact]
    public void Published_templates_render_as_recorded()
    {
        var folder = Fixtures.Real("chat_templates");
        var conversations = Fixtures.Whole(Path.Combine(folder, "conversations.json")).GetProperty("conversations")
            .EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, Variables);

        Expect.None(
            from record in Fixtures.Lines(Path.Combine(folder, "expected.jsonl"))
            let name = record.GetProperty("template").GetString()!
            let conversation = record.GetProperty("conversation").GetString()!
            let template = JinjaTemplate.Compile(File.ReadAllText(Path.Combine(folder, name)), name)
            let got = Result(template, conversations[conversation])
            let expected = Expected(record)
            where got != expected
            select $"{name}, {conversation}:\n{expected}\n{got}");
    }

    private static string Expected(JsonElement record) =>
        record.TryGetProperty("error", out var error)
            ? error.GetString()! : record.GetProperty("rendered").GetString()!;

    private static string Result(JinjaTemplate template, Dictionary<string, JsonElement> variables)
    {
        try
        {
            return template.Render(variables, Noon.Clock).Text;
        }
        catch (JinjaException fault)
        {
            return $"{fault.Kind}: {fault.Problem}";
        }
    }

    private static Dictionary<string, JsonElement> Variables(JsonElement conversation)
    {
        var variables = Rendered.Variables(
            """{"tools": null, "documents": null, "bos_token": "<BOS>", "eos_token": "<EOS>"}""");
        foreach (var field in conversation.EnumerateObject().Where(field => field.Name != "name"))
        {
            variables[field.Name] = field.Value;
        }

        return variables;
    }
}
