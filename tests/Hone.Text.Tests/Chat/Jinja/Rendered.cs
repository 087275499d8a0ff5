using System.Text.Json;
using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat.Jinja;

/// <summary>Renders templates for tests.</summary>
internal static class Rendered
{
    /// <summary>What a template makes of JSON variables.</summary>
    public static JinjaRendering Of(string template, string variables = "{}", JinjaLimits? limits = null) =>
        JinjaTemplate.Compile(template, "chat.jinja", limits).Render(Variables(variables), Noon.Clock);

    /// <summary>The text of what a template makes.</summary>
    public static string Text(string template, string variables = "{}") => Of(template, variables).Text;

    /// <summary>What a template fails with.</summary>
    public static JinjaException Fault(string template, string variables = "{}", JinjaLimits? limits = null) =>
        Assert.Throws<JinjaException>(() => Of(template, variables, limits));

    /// <summary>JSON as variables.</summary>
    public static Dictionary<string, JsonElement> Variables(string json) =>
        JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
}
